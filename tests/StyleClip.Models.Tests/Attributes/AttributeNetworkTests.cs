using StyleClip.Models.Attributes;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Attributes;

public sealed class AttributeNetworkTests
{
    private static readonly IrSeSpec Body = new() { InputSize = 16, EmbeddingDim = 8, StemStride = 2, SqueezeReduction = 2, Stages = [new(4, 4, 1), new(4, 8, 1)] };

    [Fact]
    public void A_network_reads_what_the_one_it_was_stored_from_reads()
    {
        using DisposeScope scope = NewDisposeScope();
        using var stored = new AttributeNetwork(Body, 3);
        using var read = new AttributeNetwork(Body, 3);
        using StateDict weights = StateDict.From(stored);
        read.Load(weights);
        stored.Freeze();
        read.Freeze();
        Tensor images = rand(5, 3, 16, 16) * 2 - 1;

        Assert.Equal(stored.Measure(images), read.Measure(images));
        Assert.Equal([5, 3], read.Measure(images).shape);
    }

    [Fact]
    public void Pictures_are_brought_to_its_size_and_to_what_can_be_shown()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new AttributeNetwork(Body, 2);
        network.Freeze();
        Tensor images = rand(2, 3, 16, 16) * 2 - 1;
        Tensor large = images.repeat_interleave(2, 2).repeat_interleave(2, 3); // [2, 3, 32, 32]
        Tensor glaring = images * 3;

        Assert.True(allclose(network.Measure(images), network.Measure(large), atol: 1e-5));
        Assert.Equal(network.Measure(glaring.clamp(-1, 1)), network.Measure(glaring));
    }

    [Fact]
    public void Pictures_of_another_shape_are_refused()
    {
        using var network = new AttributeNetwork(Body, 2);
        using Tensor grey = zeros(1, 1, 16, 16);

        ArgumentException refusal = Assert.Throws<ArgumentException>(() => network.Measure(grey));
        Assert.Contains("images", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Weights_of_another_shape_are_refused_by_name()
    {
        using var three = new AttributeNetwork(Body, 3);
        using var two = new AttributeNetwork(Body, 2);
        using StateDict weights = StateDict.From(three);

        WeightsException refusal = Assert.Throws<WeightsException>(() => two.Load(weights));
        Assert.Contains("head.weight", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("the attribute network", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_frozen_network_keeps_its_weights_out_of_the_gradient()
    {
        using DisposeScope scope = NewDisposeScope();
        using var network = new AttributeNetwork(Body, 2);
        network.Freeze();

        Assert.False(network.Measure(zeros(1, 3, 16, 16)).requires_grad);
    }
}
