using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Identity;

public sealed class IrSeTests : IDisposable
{
    private static readonly IrSeSpec Small = new()
    {
        InputSize = 32,
        EmbeddingDim = 16,
        StemStride = 2,
        Stages = [new(16, 16, 2), new(16, 32, 2)],
        Dropout = 0.2,
    };

    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose() => _scope.Dispose();

    [Fact]
    public void The_published_network_gives_the_recorded_embeddings_loss_and_gradient()
    {
        using var golden = new GoldenData("irse50_256");
        using var network = new IrSe(IrSeSpec.IrSe50);
        Assert.Equal(Manifest.Shapes("irse50"), Manifest.Shapes(network));
        FormulaWeights.Fill(network, GoldenData.Prefix, WeightFamily.IrSe50);
        network.Freeze();
        Tensor source = Formula.Image(GoldenData.Prefix, "input/irse/y", 2, 256, 256);
        Tensor edited = Formula.Image(GoldenData.Prefix, "input/irse/y_hat", 2, 256, 256).requires_grad_();
        var loss = new IdentityLoss(network, FaceCrop.Published);

        Tensor features = loss.Features(source);
        Tensor value = loss.Loss(edited, features);
        value.backward();

        golden.Check("embeddings_y", features);
        golden.Check("embeddings_y_hat", loss.Features(edited));
        golden.Check("id_loss", value);
        golden.Check("d_idloss_d_yhat", edited.grad!);
        Assert.All(network.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Embeddings_have_unit_length_and_the_chosen_size()
    {
        using var network = new IrSe(Small);
        network.Freeze();
        Tensor embedding = network.Embed(rand(3, 3, 32, 32));
        Assert.Equal([3, 16], embedding.shape);
        Assert.True(embedding.norm(1).allclose(ones(3), atol: 1e-6));
        Assert.Equal(4, Small.FinalSize);
    }

    [Fact]
    public void Training_moves_running_statistics_and_a_frozen_network_keeps_them()
    {
        using var network = new IrSe(Small);
        Tensor faces = rand(4, 3, 32, 32);
        using StateDict before = StateDict.From(network);
        network.Embed(faces).sum().backward();
        Assert.All(network.parameters(), parameter => Assert.NotNull(parameter.grad));
        using StateDict trained = StateDict.From(network);
        Assert.False(trained["input_layer.1.running_mean"].allclose(before["input_layer.1.running_mean"]));
        network.Freeze();
        network.Embed(faces);
        using StateDict frozen = StateDict.From(network);
        Assert.All(trained, entry => Assert.True(frozen[entry.Key].equal(entry.Value).all().ToBoolean(), entry.Key));
    }

    [Fact]
    public void Weights_without_batch_counters_are_accepted()
    {
        using var network = new IrSe(Small);
        using var other = new IrSe(Small);
        using StateDict whole = StateDict.From(network);
        bool Counter(string key) => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal);
        using var older = new StateDict(whole.Where(entry => !Counter(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value.clone())));
        other.Load(older);
        network.Freeze();
        other.Freeze();
        Tensor faces = rand(2, 3, 32, 32);
        Assert.True(network.Embed(faces).equal(other.Embed(faces)).all().ToBoolean());
    }
}
