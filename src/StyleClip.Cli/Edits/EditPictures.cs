using System.Diagnostics;
using System.Globalization;
using StyleClip.Training.Devices;
using StyleClip.Training.Edits;
using StyleClip.Training.Pictures;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Cli.Edits;

// N latents

/// <summary>Shows latents before and after edits: a strip, and in a folder every picture by itself. On the device's thread.</summary>
/// <param name="target">NAME.png for a strip, or a folder.</param>
internal sealed class EditPictures(string target)
{
    private const int BatchSize = 8;
    private const int MostStripFaces = 64;

    public bool IsFolder { get; } = !target.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <summary>Where the strip goes.</summary>
    public string Strip => IsFolder ? Path.Combine(target, "strip.png") : target;

    /// <summary>Makes the pictures; those of a folder are written as <c>NNNN-before.png</c> and <c>NNNN-after.png</c>, or <c>NNNN-after-K.png</c> for row K.</summary>
    /// <param name="generator">The frozen generator.</param>
    /// <param name="codes">The latents.</param>
    /// <param name="edits">The edits, combined.</param>
    /// <param name="rows">One strength of every edit, per row of edited pictures.</param>
    /// <param name="withPictures">False for a strip alone, whatever the target.</param>
    /// <param name="cancellationToken">Ends the call between batches.</param>
    /// <exception cref="InvalidDataException">The faces do not fit a strip.</exception>
    public RenderedEdits Render(Generator generator, ImageCodes codes, IReadOnlyList<ICodeEdit> edits, double[][] rows, bool withPictures, CancellationToken cancellationToken)
    {
        int count = codes.Count;
        if (!IsFolder && count > MostStripFaces)
            throw new InvalidDataException($"{count} latents do not fit one strip of at most {MostStripFaces} faces; give --out a folder.");
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(Strip))!);
        Sheet sheet = new(rows.Length, IsFolder && withPictures ? target : null);
        NativeMemory memory = new();
        TimeSpan time = default;
        for (int first = 0; first < count && (first < MostStripFaces || sheet.WritesPictures); first += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope batch = NewDisposeScope();
            ImageCodes source = codes.Slice(first, Math.Min(BatchSize, count - first));
            sheet.Keep(0, source.Synthesize(), first);
            long start = Stopwatch.GetTimestamp();
            CombinedEdit combined = new(generator, edits, source);
            for (int row = 0; row < rows.Length; row++)
            {
                using DisposeScope scope = NewDisposeScope();
                Tensor images = combined.Synthesize(rows[row]).cpu(); // waits for the device
                time += Stopwatch.GetElapsedTime(start);
                sheet.Keep(row + 1, images, first);
                start = Stopwatch.GetTimestamp();
            }

            memory.AfterStep();
        }

        return new RenderedEdits(count, sheet.Encode(), sheet.Pictures, time);
    }

    /// <summary>Rows of faces as they come, the unedited ones first.</summary>
    private sealed class Sheet(int editedRows, string? folder)
    {
        private readonly List<StripRow>[] _rows = [.. Enumerable.Range(0, editedRows + 1).Select(_ => new List<StripRow>())];
        private readonly List<string> _pictures = [];

        public bool WritesPictures => folder is not null;

        public IReadOnlyList<string> Pictures => _pictures;

        public void Keep(int row, Tensor images, int first)
        {
            int count = (int)images.shape[0];
            int shown = Math.Min(count, MostStripFaces - first);
            if (shown > 0) _rows[row].Add(BeforeAfterStrip.Row(images.narrow(0, 0, shown)));
            if (folder is null) return;
            string what = row == 0 ? "before" : editedRows == 1 ? "after" : string.Create(CultureInfo.InvariantCulture, $"after-{row}");
            for (int i = 0; i < count; i++)
            {
                string path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{first + i:0000}-{what}.png"));
                File.WriteAllBytes(path, PngPicture.Encode(images.narrow(0, i, 1)));
                _pictures.Add(path);
            }
        }

        public byte[] Encode() => BeforeAfterStrip.Encode([.. _rows.Select(BeforeAfterStrip.Join)]);
    }
}
