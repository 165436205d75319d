using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Packs.Import;

/// <summary>Weights of a training that went wrong hold numbers that are none; every image of theirs is black.</summary>
internal static class Finite
{
    public static void Require(string path, IReadOnlyDictionary<string, Tensor> weights)
    {
        using IDisposable untracked = no_grad();
        string[] broken = [.. weights.Where(pair => pair.Value.is_floating_point() && !IsFinite(pair.Value)).Select(pair => pair.Key)];
        if (broken.Length > 0) throw new WeightsException($"{path} has numbers that are not finite in {string.Join(", ", broken)}.");
    }

    public static bool IsFinite(Tensor tensor)
    {
        using DisposeScope scope = NewDisposeScope();
        return tensor.numel() == 0 || (tensor.min().isfinite() & tensor.max().isfinite()).item<bool>(); // both are NaN where one element is
    }
}
