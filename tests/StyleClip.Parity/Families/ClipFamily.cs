using StyleClip.Models.Clip;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>clip_vitb32, clip_tiny: features, logits, the gradient to the image and layer outputs of one CLIP model.</summary>
public sealed class ClipFamily : IParityFamily
{
    private const string Activation = "act/";
    private const string Checkpoint = "fp16_checkpoint/";

    public string Name => "clip";

    public bool Recognizes(ReferenceFile file) =>
        file.IsSafetensors && file.Name.StartsWith("clip_", StringComparison.Ordinal) && (file.Has("prompts") || file.Has("vision_width"));

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        ClipSpec spec = ClipSettings.SpecOf(file);
        using ClipModel clip = FormulaNetworks.Clip(file.Set.Prefix, spec);
        string[] modules = [.. Activations(comparison).Select(name => ClipSettings.ModuleOf(Named(name).Tensor)).Distinct()];
        using Activations activations = new(clip, modules);

        Tensor ids = Ids(file, comparison, spec);
        Tensor image = ClipSettings.Image(file, spec, comparison.Recorded("image_features").shape[0]);
        image.requires_grad = true;
        Tensor imageFeatures = clip.EncodeImage(image);
        Tensor textFeatures = clip.EncodeText(ids);
        comparison.Compare("image_features", imageFeatures);
        comparison.Compare("text_features", textFeatures);
        Cosines(comparison, clip, image, imageFeatures, textFeatures);
        foreach (string name in Activations(comparison))
            comparison.Compare(name, Named(name).Of(activations[ClipSettings.ModuleOf(Named(name).Tensor)]));
        HalfPrecision(file, comparison, ids, image.detach());
        comparison.Finish();
    }

    private static void Cosines(SafetensorsComparison comparison, ClipModel clip, Tensor image, Tensor imageFeatures, Tensor textFeatures)
    {
        Tensor cosine = Unit(imageFeatures).mm(Unit(textFeatures).t());
        Tensor logits = cosine * clip.LogitScale.exp();
        comparison.Compare("logits_per_image", logits);
        comparison.Compare("one_minus_logits_over_100", 1 - (logits / 100));
        comparison.Compare("cosine_distance", 1 - cosine);
        (1 - cosine).mean().backward();
        comparison.Compare("d_mean_cosdist_d_image", image.grad!);
    }

    // Any layout will do here: that all of them hold the same is compared with the checkpoints themselves.
    private static void HalfPrecision(ReferenceFile file, SafetensorsComparison comparison, Tensor ids, Tensor image)
    {
        if (!comparison.Names.Any(name => name.StartsWith(Checkpoint, StringComparison.Ordinal))) return;
        using IDisposable frozen = no_grad();
        string path = new[] { "zip", "legacy", "torchscript" }.Select(layout => file.Set.Find($"{file.Stem}_fp16_{layout}.pt")).FirstOrDefault(found => found is not null)
            ?? throw new InvalidDataException($"The half-precision checkpoint of {file.Stem} is missing.");
        using ClipModel clip = ClipSettings.Load(path);
        comparison.Compare(Checkpoint + "image_features", clip.EncodeImage(image), ClipSettings.CheckpointAllowance);
        comparison.Compare(Checkpoint + "text_features", clip.EncodeText(ids), ClipSettings.CheckpointAllowance);
    }

    private static Tensor Ids(ReferenceFile file, SafetensorsComparison comparison, ClipSpec spec)
    {
        if (!file.Has("prompts")) return comparison.Input("ids");
        ClipTokenizer tokenizer = ClipTokenizer.Shared;
        long[] ids = [.. file.Json<string[]>("prompts").SelectMany(tokenizer.Tokenize)];
        Tensor tokens = tensor(ids, [ids.Length / spec.ContextLength, spec.ContextLength]);
        comparison.CompareExactly("ids", tokens);
        return tokens;
    }

    private static string[] Activations(SafetensorsComparison comparison) =>
        [.. comparison.Names.Where(name => name.StartsWith(Activation, StringComparison.Ordinal))];

    private static NamedSlice Named(string name) => NamedSlice.Parse(name[Activation.Length..]);

    private static Tensor Unit(Tensor features) => features / features.norm(1, keepdim: true);
}
