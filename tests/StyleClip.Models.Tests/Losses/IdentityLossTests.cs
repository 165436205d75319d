using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Losses;

public sealed class IdentityLossTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly IrSe _network = new(new IrSeSpec { InputSize = 16, EmbeddingDim = 8, Stages = [new(16, 16, 1)] });
    private readonly IdentityLoss _loss;

    public IdentityLossTests()
    {
        _network.Freeze();
        _loss = new IdentityLoss(_network, FaceCrop.Whole(16));
    }

    public void Dispose()
    {
        _network.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void An_unchanged_image_costs_nothing()
    {
        Tensor image = rand(2, 3, 16, 16);
        Assert.Equal(0f, _loss.Loss(image, _loss.Features(image)).ToSingle(), 1e-6f);
    }

    [Fact]
    public void It_is_one_minus_the_mean_cosine_and_source_features_get_no_gradient()
    {
        Tensor edited = rand(2, 3, 16, 16).requires_grad_();
        Tensor source = _loss.Features(rand(2, 3, 16, 16)).detach().requires_grad_();
        Tensor value = _loss.Loss(edited, source);
        value.backward();
        Assert.Equal(1 - nn.functional.cosine_similarity(_loss.Features(edited), source).mean().ToSingle(), value.ToSingle(), 1e-6f);
        Assert.Null(source.grad);
        Assert.True(edited.grad!.abs().max().ToSingle() > 0);
    }

    [Fact]
    public void Features_of_another_batch_are_refused() =>
        Assert.Throws<ArgumentException>(() => _loss.Loss(rand(2, 3, 16, 16), ones(1, 8)));
}
