using System.Text.RegularExpressions;
using static TorchSharp.torch;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>CLIP under the keys of Hugging Face's transformers: query, key and value apart, projections transposed.</summary>
internal static partial class HuggingFaceClip
{
    private const string PatchKey = "vision_model.embeddings.patch_embedding.weight";

    private static readonly Dictionary<string, string> Renamed = new(StringComparer.Ordinal)
    {
        ["vision_model.embeddings.class_embedding"] = "visual.class_embedding",
        [PatchKey] = "visual.conv1.weight",
        ["vision_model.embeddings.position_embedding.weight"] = "visual.positional_embedding",
        ["vision_model.pre_layrnorm.weight"] = "visual.ln_pre.weight", // the spelling is theirs
        ["vision_model.pre_layrnorm.bias"] = "visual.ln_pre.bias",
        ["vision_model.post_layernorm.weight"] = "visual.ln_post.weight",
        ["vision_model.post_layernorm.bias"] = "visual.ln_post.bias",
        ["text_model.embeddings.token_embedding.weight"] = "token_embedding.weight",
        ["text_model.embeddings.position_embedding.weight"] = "positional_embedding",
        ["text_model.final_layer_norm.weight"] = "ln_final.weight",
        ["text_model.final_layer_norm.bias"] = "ln_final.bias",
        ["visual_projection.weight"] = "visual.proj",
        ["text_projection.weight"] = "text_projection",
        ["logit_scale"] = "logit_scale",
    };

    public static UpstreamNetwork? TryRead(WeightFile file)
    {
        using StateDict? weights = file.Find(null) ?? file.Find("state_dict");
        if (weights is null || !weights.ContainsKey(PatchKey)) return null;
        using var scope = TorchSharp.torch.NewDisposeScope();
        return new UpstreamNetwork($"CLIP, Hugging Face's keys, {file.Layout}", Translation.ToFloat32(Translate(weights)));
    }

    [GeneratedRegex(@"^(?<model>vision|text)_model\.encoder\.layers\.(?<layer>\d+)\.(?<rest>.+)$", RegexOptions.CultureInvariant)]
    private static partial Regex Block { get; }

    private static IEnumerable<KeyValuePair<string, Tensor>> Translate(StateDict weights)
    {
        foreach ((string name, Tensor tensor) in weights)
        {
            if (name.EndsWith(".position_ids", StringComparison.Ordinal)) continue; // a table of 0, 1, 2, ... in older files
            if (Renamed.TryGetValue(name, out string? renamed))
            {
                bool isProjection = name.EndsWith("_projection.weight", StringComparison.Ordinal) && tensor.dim() == 2;
                yield return KeyValuePair.Create(renamed, isProjection ? tensor.t() : tensor);
                continue;
            }

            Match block = Block.Match(name);
            if (!block.Success)
            {
                yield return KeyValuePair.Create(name, tensor); // to be reported as surplus
                continue;
            }

            string prefix = $"{(block.Groups["model"].Value == "vision" ? "visual." : "")}transformer.resblocks.{block.Groups["layer"].Value}.";
            string rest = block.Groups["rest"].Value;
            string stem = name[..^rest.Length];
            if (rest is "self_attn.q_proj.weight" or "self_attn.q_proj.bias")
            {
                string part = rest[(rest.LastIndexOf('.') + 1)..];
                Tensor?[] thirds = [tensor, Find(weights, $"{stem}self_attn.k_proj.{part}"), Find(weights, $"{stem}self_attn.v_proj.{part}")];
                if (Array.TrueForAll(thirds, third => third is not null && third.shape.SequenceEqual(tensor.shape) && third.dim() > 0))
                    yield return KeyValuePair.Create($"{prefix}attn.in_proj_{part}", cat([.. thirds.OfType<Tensor>()])); // [3 W, W] or [3 W]
            }
            else if (!rest.StartsWith("self_attn.k_proj.", StringComparison.Ordinal) && !rest.StartsWith("self_attn.v_proj.", StringComparison.Ordinal))
            {
                yield return KeyValuePair.Create(prefix + Inner(rest), tensor);
            }
        }
    }

    private static Tensor? Find(StateDict weights, string name) => weights.TryGetValue(name, out Tensor? tensor) ? tensor : null;

    private static string Inner(string rest) => rest
        .Replace("self_attn.out_proj.", "attn.out_proj.", StringComparison.Ordinal)
        .Replace("layer_norm1.", "ln_1.", StringComparison.Ordinal)
        .Replace("layer_norm2.", "ln_2.", StringComparison.Ordinal)
        .Replace("mlp.fc1.", "mlp.c_fc.", StringComparison.Ordinal)
        .Replace("mlp.fc2.", "mlp.c_proj.", StringComparison.Ordinal);
}
