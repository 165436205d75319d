namespace StyleClip.Models.Weights.Upstream;

/// <summary>Reads the CLIP model of any file that has one.</summary>
public static class ClipFile
{
    private static readonly Func<WeightFile, UpstreamNetwork?>[] Formats = [OpenAiClip.TryRead, HuggingFaceClip.TryRead];

    /// <summary>Reads and translates a CLIP model with a vision transformer. Nothing is checked against a network yet.</summary>
    /// <param name="path">OpenAI's TorchScript archive or state dictionary, or a file of Hugging Face's transformers.</param>
    /// <exception cref="WeightsException">The file holds no such model.</exception>
    public static UpstreamNetwork Read(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        return Formats.Select(format => format(file)).FirstOrDefault(network => network is not null)
            ?? throw new WeightsException($"{path} is a {file.Layout} with {file.Describe()}; a CLIP model has the key visual.conv1.weight or vision_model.embeddings.patch_embedding.weight.");
    }
}
