using TorchSharp;
using static TorchSharp.torch;
using Parameter = TorchSharp.Modules.Parameter;

namespace StyleClip.Reference.Literal;

// L style layers, D style width, E features, H W pixels

/// <summary>TediGAN's loop written from its description, step by step, with the framework's own Adam and the rate spelled out.</summary>
public static class LiteralTediGan
{
    /// <summary>One step's losses, before weighting.</summary>
    public sealed record Losses(double LearningRate, double Pixels, double Latent, double Clip, double Vgg);

    /// <summary>Runs all steps with the published constants.</summary>
    /// <param name="synthesize">[1, L, D] to [1, 3, H, W].</param>
    /// <param name="embed">[1, 3, H, W] to features [1, E] of any length.</param>
    /// <param name="text">Features of the text, [1, E], of any length.</param>
    /// <param name="target">The image to rebuild.</param>
    /// <param name="start">Where the latent starts.</param>
    /// <param name="steps">All steps.</param>
    /// <param name="vgg">[1, 3, H, W] to features of a VGG network; null to leave the term out.</param>
    /// <returns>The losses of every step, and the last latent.</returns>
    public static (IReadOnlyList<Losses> Losses, Tensor Latent) Run(
        Func<Tensor, Tensor> synthesize, Func<Tensor, Tensor> embed, Tensor text, Tensor target, Tensor start, int steps, Func<Tensor, Tensor>? vgg = null)
    {
        Parameter z = new(start.clone());
        using var adam = optim.Adam([z], lr: 0.1);
        List<Losses> all = [];
        for (int step = 0; step < steps; step++)
        {
            double rate = Rate((double)step / steps);
            foreach (var group in adam.ParamGroups) group.LearningRate = rate;
            Tensor image = synthesize(z);
            Tensor pixels = nn.functional.mse_loss(image, target);
            Tensor latent = (start - z).pow(2).mean();
            Tensor clip = 1 - nn.functional.cosine_similarity(embed(image), text, dim: 1).mean();
            Tensor looks = vgg is null ? zeros([]) : nn.functional.mse_loss(vgg(image), vgg(target).detach());
            Tensor loss = (5e-5 * looks) + (1.0 * pixels) + (2.0 * latent) + (1.0 * clip);
            adam.zero_grad();
            loss.backward();
            adam.step();
            all.Add(new Losses(rate, pixels.ToDouble(), latent.ToDouble(), clip.ToDouble(), looks.ToDouble()));
        }

        return (all, z.detach());
    }

    private static double Rate(double t)
    {
        double ramp = (1 - t) / 0.25;
        if (ramp > 1) ramp = 1;
        ramp = 0.5 - (0.5 * Math.Cos(ramp * Math.PI));
        return 0.1 * ramp * (t / 0.05 < 1 ? t / 0.05 : 1);
    }
}
