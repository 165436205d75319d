using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Upstream;

/// <summary>Gives a CLIP model the names and shapes that Hugging Face's transformers use.</summary>
internal static class HuggingFaceNames
{
    private static readonly Dictionary<string, string> Plain = new(StringComparer.Ordinal)
    {
        ["visual.class_embedding"] = "vision_model.embeddings.class_embedding",
        ["visual.conv1.weight"] = "vision_model.embeddings.patch_embedding.weight",
        ["visual.positional_embedding"] = "vision_model.embeddings.position_embedding.weight",
        ["visual.ln_pre.weight"] = "vision_model.pre_layrnorm.weight",
        ["visual.ln_pre.bias"] = "vision_model.pre_layrnorm.bias",
        ["visual.ln_post.weight"] = "vision_model.post_layernorm.weight",
        ["visual.ln_post.bias"] = "vision_model.post_layernorm.bias",
        ["token_embedding.weight"] = "text_model.embeddings.token_embedding.weight",
        ["positional_embedding"] = "text_model.embeddings.position_embedding.weight",
        ["ln_final.weight"] = "text_model.final_layer_norm.weight",
        ["ln_final.bias"] = "text_model.final_layer_norm.bias",
        ["logit_scale"] = "logit_scale",
    };

    public static IEnumerable<KeyValuePair<string, Tensor>> Translate(StateDict weights)
    {
        yield return KeyValuePair.Create("text_model.embeddings.position_ids", arange(77).unsqueeze(0));
        foreach ((string key, Tensor tensor) in weights)
        {
            if (Plain.TryGetValue(key, out string? plain)) yield return KeyValuePair.Create(plain, tensor.clone());
            else if (key == "visual.proj") yield return KeyValuePair.Create("visual_projection.weight", tensor.t().contiguous());
            else if (key == "text_projection") yield return KeyValuePair.Create("text_projection.weight", tensor.t().contiguous());
            else foreach (KeyValuePair<string, Tensor> part in Block(key, tensor)) yield return part;
        }
    }

    private static IEnumerable<KeyValuePair<string, Tensor>> Block(string key, Tensor tensor)
    {
        string layer = key.Replace("visual.transformer.resblocks.", "vision_model.encoder.layers.", StringComparison.Ordinal)
            .Replace("transformer.resblocks.", "text_model.encoder.layers.", StringComparison.Ordinal);
        if (layer.Contains(".attn.in_proj_", StringComparison.Ordinal))
        {
            foreach ((string letter, Tensor third) in new[] { "q", "k", "v" }.Zip(tensor.chunk(3, 0)))
                yield return KeyValuePair.Create(layer.Replace(".attn.in_proj_", $".self_attn.{letter}_proj.", StringComparison.Ordinal), third.clone());
            yield break;
        }

        yield return KeyValuePair.Create(
            layer.Replace(".attn.out_proj.", ".self_attn.out_proj.", StringComparison.Ordinal).Replace(".ln_1.", ".layer_norm1.", StringComparison.Ordinal)
                .Replace(".ln_2.", ".layer_norm2.", StringComparison.Ordinal).Replace(".mlp.c_fc.", ".mlp.fc1.", StringComparison.Ordinal).Replace(".mlp.c_proj.", ".mlp.fc2.", StringComparison.Ordinal),
            tensor.clone());
    }
}
