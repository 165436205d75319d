namespace StyleClip.Models.Weights.Upstream;

/// <summary>CLIP under OpenAI's keys, which are ours: the published TorchScript archives and state dictionaries saved from them.</summary>
internal static class OpenAiClip
{
    private static readonly string?[] Places = [null, "state_dict", "model"];
    private static readonly string[] Prefixes = ["", "module.", "model."];

    // Facts that the published archives keep beside the weights; the shapes say the same.
    private static readonly string[] Settings = ["input_resolution", "context_length", "vocab_size"];

    public static UpstreamNetwork? TryRead(WeightFile file)
    {
        foreach (string? place in Places)
        {
            using StateDict? weights = file.Find(place);
            if (weights is null || Array.Find(Prefixes, prefix => weights.ContainsKey(prefix + "visual.conv1.weight")) is not { } prefix) continue;
            if (weights.ContainsKey(prefix + "visual.layer1.0.conv1.weight"))
                throw new WeightsException($"{file.Path} is a CLIP model with a residual network for images; those with a vision transformer (ViT) are supported.");
            return new UpstreamNetwork($"CLIP, OpenAI's keys, {file.Layout}", Translation.ToFloat32(weights
                .Where(pair => pair.Key.StartsWith(prefix, StringComparison.Ordinal))
                .Select(pair => KeyValuePair.Create(pair.Key[prefix.Length..], pair.Value))
                .Where(pair => !Settings.Contains(pair.Key))));
        }

        return null;
    }
}
