using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Training.Devices;
using StyleClip.Training.Mapping;
using StyleClip.Training.Pictures;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Mappers;

// N latents, L style layers, D style width

/// <summary>Applies one or more mappers to latents and writes the pictures.</summary>
internal sealed class MapperApply(MapperApplyRequest request, IReadOnlyList<MapperSource> mappers, LocalDevice device)
{
    private const int BatchSize = 8;
    private const int MostStripFaces = 64;

    /// <summary>One strength of every mapper, per row of edited pictures.</summary>
    private readonly double[][] _rows = Rows(request, mappers);

    private bool WritesFolder => !request.Target.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">What is asked for makes no picture; the message says why.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        string strip = WritesFolder ? Path.Combine(request.Target, "strip.png") : request.Target;
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(strip))!);
        Rendered rendered = await device.Invoke(networks => Render(networks, cancellationToken), cancellationToken);
        await File.WriteAllBytesAsync(strip, rendered.Strip, cancellationToken);
        Report(new MapperApplyDocument
        {
            Pack = device.Pack.Manifest.Name,
            DeviceKind = device.Kind,
            Latents = rendered.Latents,
            Edits = [.. mappers.Select((mapper, i) => new MapperApplyEdit(mapper.Name, mapper.Card?.Prompt, [.. _rows.Select(row => row[i])]))],
            Strip = strip,
            Pictures = WritesFolder ? rendered.Pictures : null,
            EditedImages = rendered.Latents * _rows.Length,
            MillisecondsPerImage = Math.Round(rendered.Edit.TotalMilliseconds / (rendered.Latents * _rows.Length), 3),
        });
    }

    private static double[][] Rows(MapperApplyRequest request, IReadOnlyList<MapperSource> mappers)
    {
        if (request.Strengths.Count > 0 && request.Mappers.All(mapper => mapper.Strength is not null))
            throw new InvalidDataException("Every edit has a strength of its own; --strength is for edits that have none.");
        IEnumerable<double?> shared = request.Strengths.Count == 0 ? [null] : request.Strengths.Select(strength => (double?)strength);
        return [.. shared.Select(strength => mappers.Select((mapper, i) => request.Mappers[i].Strength ?? strength ?? mapper.Recipe.Strength).ToArray())];
    }

    private Rendered Render(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        Tensor latents = request.Latents.WPlus(networks); // [N, L, D]
        int count = (int)latents.shape[0];
        if (!WritesFolder && count > MostStripFaces)
            throw new InvalidDataException($"{count} latents do not fit one strip of at most {MostStripFaces} faces; give --out a folder.");

        MapperEdit[] edits = [.. mappers.Select(mapper => Load(mapper, networks))];
        try
        {
            List<StripRow>[] rows = [.. Enumerable.Range(0, _rows.Length + 1).Select(_ => new List<StripRow>())];
            List<string> pictures = [];
            NativeMemory memory = new();
            TimeSpan edit = default;
            for (int first = 0; first < count; first += BatchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                using DisposeScope batch = NewDisposeScope();
                Tensor source = latents.narrow(0, first, Math.Min(BatchSize, count - first));
                Keep(rows[0], networks.Generator.Synthesize(source), first, "before", pictures);
                edit += Edit(networks, edits, source, first, rows, pictures);
                memory.AfterStep();
            }

            return new Rendered(count, BeforeAfterStrip.Encode([.. rows.Select(BeforeAfterStrip.Join)]), pictures, edit);
        }
        finally
        {
            foreach (MapperEdit edit in edits) edit.Dispose();
        }
    }

    private TimeSpan Edit(FrozenNetworks networks, MapperEdit[] edits, Tensor source, int first, List<StripRow>[] rows, List<string> pictures)
    {
        TimeSpan spent = default;
        long start = Stopwatch.GetTimestamp();
        CombinedEdit combined = new(networks.Generator, edits, source);
        for (int row = 0; row < _rows.Length; row++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor images = combined.Synthesize(_rows[row]).cpu(); // waits for the device
            spent += Stopwatch.GetElapsedTime(start);
            Keep(rows[row + 1], images, first, _rows.Length == 1 ? "after" : string.Create(CultureInfo.InvariantCulture, $"after-{row + 1}"), pictures);
            start = Stopwatch.GetTimestamp();
        }

        return spent;
    }

    private void Keep(List<StripRow> row, Tensor images, int first, string what, List<string> pictures)
    {
        int count = (int)images.shape[0];
        int shown = Math.Min(count, MostStripFaces - first);
        if (shown > 0) row.Add(BeforeAfterStrip.Row(images.narrow(0, 0, shown)));
        if (!WritesFolder) return;
        for (int i = 0; i < count; i++)
        {
            string path = Path.Combine(request.Target, string.Create(CultureInfo.InvariantCulture, $"{first + i:0000}-{what}.png"));
            File.WriteAllBytes(path, PngPicture.Encode(images.narrow(0, i, 1)));
            pictures.Add(path);
        }
    }

    private static MapperEdit Load(MapperSource mapper, FrozenNetworks networks)
    {
        MapperEdit edit = MapperEdit.Create(mapper.Recipe, networks.Generator, seed: 0); // its weights are replaced
        try
        {
            mapper.Weights.LoadInto(edit.Module, $"a {mapper.Recipe.Kind} mapper for the generator of pack {networks.Manifest.Name} ({mapper.Name})");
            return edit;
        }
        catch (WeightsException)
        {
            edit.Dispose();
            throw;
        }
    }

    private void Report(MapperApplyDocument document)
    {
        if (request.Output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));
            return;
        }

        foreach (MapperApplyEdit edit in document.Edits)
            Console.WriteLine(FormattableString.Invariant($"{edit.Mapper}: strength {string.Join(", ", edit.Strengths.Select(strength => strength.ToString("0.####", CultureInfo.InvariantCulture)))}{(edit.Prompt is null ? "" : $" ({edit.Prompt})")}"));
        Console.WriteLine(FormattableString.Invariant($"{document.EditedImages} edited images of {device.Pack.Manifest.Generator.Size} px, {document.MillisecondsPerImage:0.0} ms each ({document.DeviceKind})"));
        Console.WriteLine($"{document.Strip}{(document.Pictures is null ? "" : $" and {document.Pictures.Count} pictures beside it")}");
    }

    private sealed record Rendered(int Latents, byte[] Strip, IReadOnlyList<string> Pictures, TimeSpan Edit);
}
