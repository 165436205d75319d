using StyleClip.DemoWorld.World;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Fitting;

/// <summary>
/// Changes that carry no meaning: shifts, brightness, contrast, noise and the softness of a generator's pictures. Networks that
/// judge the generator learn on renders alone, and must not mind them.
/// </summary>
internal static class Augmentation
{
    /// <summary>[B, 3, S, S] in [-1, 1] -> the same shape, about the same range.</summary>
    /// <param name="images">The pictures.</param>
    /// <param name="random">Draws the shift.</param>
    /// <param name="noise">Draws the rest.</param>
    /// <param name="light">How much brightness, contrast and grain change: less where skin tones count.</param>
    public static Tensor Apply(Tensor images, SeededRandom random, Generator noise, double light = 1)
    {
        long size = images.shape[2];
        int dx = random.Next(5) - 2, dy = random.Next(5) - 2;
        using var scope = TorchSharp.torch.NewDisposeScope();
        Tensor shifted = nn.functional.pad(images, [2, 2, 2, 2], PaddingModes.Replicate).narrow(2, 2 + dy, size).narrow(3, 2 + dx, size);
        long count = images.shape[0];
        Tensor softness = rand([count, 1, 1, 1], generator: noise) * 1.2 - 0.4;
        Tensor soft = nn.functional.avg_pool2d(nn.functional.pad(shifted, [1, 1, 1, 1], PaddingModes.Replicate), 3, stride: 1);
        Tensor blurred = shifted + softness.clamp(0, 1) * (soft - shifted);
        Tensor contrast = 1 + light * 0.3 * (rand([count, 1, 1, 1], generator: noise) - 0.5);
        Tensor brightness = light * 0.2 * (rand([count, 1, 1, 1], generator: noise) - 0.5);
        Tensor grain = light * 0.08 * rand([count, 1, 1, 1], generator: noise) * randn(images.shape, generator: noise);
        return scope.MoveToOuter(blurred * contrast + brightness + grain);
    }
}
