using System.Collections.Immutable;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>
/// Generators under the keys of rosinality's stylegan2-pytorch, which are ours: its checkpoints, conversions to them, mapper checkpoints
/// that hold a decoder, and bare state dictionaries.
/// </summary>
internal static class RosinalityGenerator
{
    // The averaged generator comes first: checkpoints of a training hold the raw one, "g", beside it.
    private static readonly string?[] Places = ["g_ema", null, "state_dict", "generator", "params_ema", "g"];
    private static readonly string[] Prefixes = ["", "module.", "decoder.", "g_ema.", "generator."];

    public static UpstreamNetwork? TryRead(WeightFile file)
    {
        foreach (string? place in Places)
        {
            using StateDict? weights = file.Find(place);
            if (weights is null || Prefix(weights) is not { } prefix) continue;
            using Tensor? mean = file.FindTensor("latent_avg");
            StateDict own = Translation.ToFloat32(weights
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value))
                .Where(pair => pair.Key != "latent_avg"));
            return new UpstreamNetwork("StyleGAN2 generator, rosinality's keys" + (place is null ? "" : $", {place}"), own) { LatentAverage = Average(mean) };
        }

        return null;
    }

    /// <summary>A mean latent as numbers: some files keep it as [D], some as [1, D], some once per style layer.</summary>
    public static ImmutableArray<float>? Average(Tensor? mean)
    {
        if (mean is null) return null;
        using var scope = TorchSharp.torch.NewDisposeScope();
        Tensor flat = mean.dim() > 1 ? mean.reshape(-1, mean.shape[^1])[0] : mean;
        return [.. flat.to(ScalarType.Float32).contiguous().data<float>()];
    }

    private static string? Prefix(StateDict weights) =>
        Array.Find(Prefixes, prefix => weights.ContainsKey(prefix + "conv1.conv.weight") && weights.ContainsKey(prefix + "to_rgb1.conv.weight"));
}
