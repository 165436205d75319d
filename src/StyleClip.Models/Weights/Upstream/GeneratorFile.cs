namespace StyleClip.Models.Weights.Upstream;

/// <summary>Reads the StyleGAN2 generator of any file that has one.</summary>
public static class GeneratorFile
{
    private static readonly Func<WeightFile, UpstreamNetwork?>[] Formats = [NvidiaGenerator.TryRead, RosinalityGenerator.TryRead];

    /// <summary>Reads and translates a generator. Nothing is checked against a network yet.</summary>
    /// <param name="path">A rosinality checkpoint, an NVIDIA pickle, or a state dictionary with the published keys in any layout.</param>
    /// <exception cref="WeightsException">The file holds no generator, or one that is not supported.</exception>
    public static UpstreamNetwork Read(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        return Formats.Select(format => format(file)).FirstOrDefault(network => network is not null)
            ?? throw new WeightsException($"{path} is a {file.Layout} with {file.Describe()}; a StyleGAN2 generator has the key g_ema, G_ema or conv1.conv.weight.");
    }
}
