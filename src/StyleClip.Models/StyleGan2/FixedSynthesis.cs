using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.StyleGan2;

/// <summary>
/// Synthesis by fixed weights as one function of the styles, with its gradient by hand. Of every layer it keeps the output alone;
/// operation by operation, autograd keeps the modulated input, the doubled and the convolved features as well: three times as much, 2.3 GB
/// for two images of 1024 pixels.
/// </summary>
internal sealed class FixedSynthesis : autograd.SingleTensorFunction<FixedSynthesis>
{
    private const string Network = "network";

    public override string Name => nameof(FixedSynthesis);

    public static Tensor Apply(SynthesisNetwork network, IReadOnlyList<Tensor> styles) => apply([network, .. styles]);

    /// <summary>The same where no gradient is wanted.</summary>
    public static Tensor ApplyOnly(SynthesisNetwork network, IReadOnlyList<Tensor> styles)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor[] images = [.. network.Slices(styles).Select(slice => network.SynthesizeFixed(slice, features: null))];
        return scope.MoveToOuter(images.Length == 1 ? images[0] : cat(images));
    }

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        var network = (SynthesisNetwork)vars[0];
        Tensor[] styles = [.. vars.Skip(1).Cast<Tensor>()];
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> features = [];
        Tensor[] images = [.. network.Slices(styles).Select(slice => network.SynthesizeFixed(slice, features))];
        ctx.save_data(Network, network);
        ctx.save_for_backward([.. styles, .. features.Select(scope.MoveToOuter)]); // they are taken up after this method
        return scope.MoveToOuter(cat(images));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using DisposeScope scope = NewDisposeScope();
        var network = (SynthesisNetwork)ctx.get_data(Network);
        Tensor[] saved = [.. ctx.get_saved_variables()];
        Tensor[][] features = [.. saved.Skip(network.StyleCount).Chunk(network.LayerCount)];
        List<Tensor[]> gradients = [];
        long first = 0;
        foreach (Tensor[] styles in network.Slices(saved[..network.StyleCount]))
        {
            Tensor ofImage = grad_output.narrow(0, first, styles[0].shape[0]);
            gradients.Add(network.Gradients(styles, features[gradients.Count], ofImage));
            first += ofImage.shape[0];
        }

        return [null!, .. Enumerable.Range(0, network.StyleCount).Select(style => scope.MoveToOuter(cat([.. gradients.Select(slice => slice[style])])))];
    }
}
