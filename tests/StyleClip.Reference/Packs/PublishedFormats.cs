using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Reference.Packs;

/// <summary>Small networks with drawn weights in files as their authors publish them.</summary>
public static class PublishedFormats
{
    /// <summary>A CLIP model with the published vocabulary and context and one narrow block a side, as a state dictionary of PyTorch.</summary>
    public static string Clip(string path)
    {
        using ClipModel model = Clip();
        return Write(path, model);
    }

    /// <summary>The same model as a TorchScript archive of half precision, the form of OpenAI's downloads.</summary>
    public static string ClipScript(string path)
    {
        using ClipModel model = Clip();
        using StateDict weights = StateDict.From(model);
        using DisposeScope scope = NewDisposeScope();
        PublishedLayouts.WriteScript(path, [.. weights.Select(pair => KeyValuePair.Create(pair.Key, pair.Value.to(ScalarType.Float16)))]);
        return path;
    }

    private static ClipModel Clip()
    {
        using var random = new torch.Generator(1, CPU);
        ClipModel model = new(ClipSpec.VitB32 with { ImageSize = 16, PatchSize = 8, VisionWidth = 64, VisionLayers = 1, VisionHeads = 1, EmbedDim = 64, TextWidth = 64, TextLayers = 1, TextHeads = 1 });
        model.Initialize(random);
        return model;
    }

    /// <summary>An identity network of IR-SE50's stages and input, narrow and of one unit each.</summary>
    public static string Identity(string path)
    {
        using IrSe network = Identity();
        return Write(path, network);
    }

    /// <summary>The same network in the layout before PyTorch 1.6, that of model_ir_se50.pth.</summary>
    public static string IdentityLegacy(string path)
    {
        using IrSe network = Identity();
        using StateDict weights = StateDict.From(network);
        PublishedLayouts.WriteLegacy(path, weights);
        return path;
    }

    /// <summary>The thirteen convolutions of VGG16, narrow, under the names of a layout.</summary>
    /// <param name="path">The file.</param>
    /// <param name="layer">Name of a layer, with its number at {0}: <c>features.{0}</c> is torchvision's.</param>
    /// <param name="hasClassifier">Whether the file also has what torchvision's has behind the convolutions.</param>
    public static string Vgg(string path, string layer = "features.{0}", bool hasClassifier = true)
    {
        using DisposeScope scope = NewDisposeScope();
        using var random = new torch.Generator(1, CPU);
        (int Layer, int Channels)[] convolutions =
            [(0, 4), (2, 4), (5, 5), (7, 5), (10, 6), (12, 6), (14, 6), (17, 7), (19, 7), (21, 7), (24, 8), (26, 8), (28, 8)];
        List<KeyValuePair<string, Tensor>> tensors = [];
        int given = 3;
        foreach ((int number, int channels) in convolutions)
        {
            string name = string.Format(System.Globalization.CultureInfo.InvariantCulture, layer, number);
            tensors.Add(KeyValuePair.Create($"{name}.weight", randn([channels, given, 3, 3], generator: random) / Math.Sqrt(4.5 * given)));
            tensors.Add(KeyValuePair.Create($"{name}.bias", randn([channels], generator: random) / 10));
            given = channels;
        }

        if (hasClassifier) tensors.AddRange([KeyValuePair.Create("classifier.0.weight", zeros(4, 8)), KeyValuePair.Create("classifier.0.bias", zeros(4))]);
        using StateDict weights = new(tensors);
        TorchFileWriter.Write(path, weights.Select(pair => KeyValuePair.Create<string, object?>(pair.Key, pair.Value)).ToArray());
        return path;
    }

    private static IrSe Identity()
    {
        IrSe network = new(new IrSeSpec { EmbeddingDim = 8, SqueezeReduction = 4, Stages = [new(4, 4, 1), new(4, 8, 1), new(8, 12, 1), new(12, 16, 1)] });
        using IDisposable untracked = no_grad();
        using var random = new torch.Generator(1, CPU);
        foreach ((_, TorchSharp.Modules.Parameter parameter) in network.named_parameters())
        {
            if (parameter.dim() > 1) nn.init.normal_(parameter, 0, 1 / Math.Sqrt((double)parameter.numel() / parameter.shape[0]), random);
        }

        return network;
    }

    private static string Write(string path, nn.Module module)
    {
        using StateDict weights = StateDict.From(module);
        TorchFileWriter.Write(path, weights);
        return path;
    }
}
