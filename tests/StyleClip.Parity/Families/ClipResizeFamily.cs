using System.Globalization;
using System.Text.RegularExpressions;
using StyleClip.Models.Clip;
using StyleClip.Reference;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>clip_resize: the enlargement and pooling of generator images, and CLIP's preparation of 8-bit pictures.</summary>
public sealed partial class ClipResizeFamily : IParityFamily
{
    private const int ClipSize = 224;
    private const double PreprocessAllowance = 1e-6; // The original rounds to bytes after resizing: only float32 scaling is left.

    public string Name => "clip-resize";

    public bool Recognizes(ReferenceFile file) => file.IsSafetensors && file.Name.StartsWith("clip_resize", StringComparison.Ordinal);

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        foreach (string name in comparison.Names.ToArray())
        {
            using DisposeScope scope = NewDisposeScope();
            if (Area().Match(name) is { Success: true } area) Enlarge(comparison, file, Int(area, "size"));
            if (Picture().Match(name) is { Success: true } picture) Prepare(comparison, file, Int(picture, "height"), Int(picture, "width"));
        }

        comparison.Finish();
    }

    private static void Enlarge(SafetensorsComparison comparison, ReferenceFile file, int size)
    {
        Inputs inputs = new(file.Set.Prefix, "input/resize");
        Tensor image = inputs.Image($"image{size}", 1, size, size);
        image.requires_grad = true;
        Tensor resized = new AreaResize().Apply(image, ClipSize);
        comparison.Compare($"{size}/resized224", resized);
        (resized * inputs.Image($"T{size}", 1, ClipSize, ClipSize)).mean().backward();
        comparison.CompareImage($"{size}/grad", image.grad!);
    }

    private static void Prepare(SafetensorsComparison comparison, ReferenceFile file, int height, int width)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{height}x{width}");
        byte[] pixels = Formula.ByteImage(file.Set.Prefix, $"input/pre/{name}", height, width);
        Tensor picture = zeros([height, width, 3], ScalarType.Byte);
        pixels.CopyTo(picture.bytes);
        if (comparison.Has($"preprocess/{name}/input_u8_hwc")) comparison.CompareExactly($"preprocess/{name}/input_u8_hwc", picture);
        comparison.Compare($"preprocess/{name}/output", ClipPreprocess.Apply(pixels, height, width), PreprocessAllowance);
    }

    private static int Int(Match match, string group) => int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(?<size>\d+)/resized224$")]
    private static partial Regex Area();

    [GeneratedRegex(@"^preprocess/(?<height>\d+)x(?<width>\d+)/output$")]
    private static partial Regex Picture();
}
