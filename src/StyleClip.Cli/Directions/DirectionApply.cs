using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Training.Devices;
using StyleClip.Training.Directions;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Directions;

// N latents, C channels of a layer, H pixels

/// <summary>Edits latents by text with a direction table and writes strips.</summary>
internal sealed class DirectionApply(DirectionApplyRequest request, string tableName, byte[] tableBytes, LocalDevice device)
{
    private const int BatchSize = 8;
    private const int MostFaces = 64;

    private bool WritesFolder => !request.Target.EndsWith(".png", StringComparison.OrdinalIgnoreCase);

    /// <exception cref="InvalidDataException">An edit changes nothing, or the pictures do not fit; the message says why.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        (List<(string Path, byte[] Png)> strips, DirectionApplyDocument document) = await device.Invoke(networks => Edit(networks, cancellationToken), cancellationToken);
        foreach ((string path, byte[] png) in strips)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            await File.WriteAllBytesAsync(path, png, cancellationToken);
        }

        Report(document);
    }

    private (List<(string Path, byte[] Png)> Strips, DirectionApplyDocument Document) Edit(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using DirectionTableFile table = DirectionTableFile.Read(tableBytes, $"table {tableName}", networks.MeanW.device);
        Tensor latents = request.Latents.WPlus(networks); // [N, L, D]
        int count = (int)latents.shape[0];
        if (count > MostFaces) throw new InvalidDataException($"{count} latents do not fit a strip of at most {MostFaces} faces; give --count.");

        List<(StyleDirection Direction, DirectionApplyEdit Report)> edits = [];
        try
        {
            long start = Stopwatch.GetTimestamp();
            foreach (TextEdit edit in request.Edits) edits.Add(Find(networks, table, edit));
            double textMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;

            NativeMemory memory = new();
            StripRow before = Row(networks, latents, [], memory, cancellationToken);
            List<(string Path, byte[] Png)> strips = [];
            start = Stopwatch.GetTimestamp();
            strips.Add((WritesFolder ? Path.Combine(request.Target, "strip.png") : request.Target, Strip(edits)));
            double editMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            if (WritesFolder && edits.Count > 1)
                strips.AddRange(edits.Select(edit => (Path.Combine(request.Target, $"{Slug.Of(edit.Report.Target)}.png"), Strip([edit]))));

            return (strips, new DirectionApplyDocument
            {
                Pack = networks.Manifest.Name,
                Table = tableName,
                DeviceKind = device.Kind,
                Latents = count,
                Edits = [.. edits.Select(edit => edit.Report)],
                Strips = [.. strips.Select(strip => strip.Path)],
                TextMilliseconds = Math.Round(textMilliseconds, 3),
                MillisecondsPerImage = Math.Round(editMilliseconds / (count * Alphas(request.Edits).Length), 3),
            });

            byte[] Strip(List<(StyleDirection Direction, DirectionApplyEdit Report)> combined)
            {
                int rows = combined.Max(edit => edit.Report.Alphas.Count);
                return BeforeAfterStrip.Encode([before, .. Enumerable.Range(0, rows).Select(row =>
                    Row(networks, latents, [.. combined.Select(edit => (edit.Direction, edit.Report.Alphas[row]))], memory, cancellationToken))]);
            }
        }
        finally
        {
            foreach ((StyleDirection direction, _) in edits) direction.Dispose();
        }
    }

    // Rows of edited pictures: one for each strength of the call, if some edit takes it.
    private double[] Alphas(IReadOnlyList<TextEdit> edits) => edits.All(edit => edit.Alpha is not null) ? [0] : [.. request.Alphas];

    private (StyleDirection Direction, DirectionApplyEdit Report) Find(FrozenNetworks networks, DirectionTableFile table, TextEdit edit)
    {
        FoundDirection found = FoundDirection.Of(networks, table, edit.Target, edit.Neutral, request.Beta, request.AutoBetaChannels);
        double[] alphas = [.. Alphas(request.Edits).Select(alpha => edit.Alpha ?? alpha)];
        StyleDirection direction = found.Direction;
        return (direction, new DirectionApplyEdit(
            edit.Target, edit.Neutral, alphas, found.Beta, direction.SurvivingChannels, table.Table.Rows.shape[0], Math.Round(direction.LargestRelevance, 6), found.Templates));
    }

    private static StripRow Row(
        FrozenNetworks networks, Tensor latents, IReadOnlyList<(StyleDirection Direction, double Alpha)> edits, NativeMemory memory, CancellationToken cancellationToken)
    {
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> images = [];
        for (long first = 0; first < latents.shape[0]; first += BatchSize)
        {
            cancellationToken.ThrowIfCancellationRequested();
            using DisposeScope batch = NewDisposeScope();
            Tensor[] styles = networks.Generator.Styles(latents.narrow(0, first, Math.Min(BatchSize, latents.shape[0] - first)));
            foreach ((StyleDirection direction, double alpha) in edits) styles = direction.Apply(styles, alpha);
            images.Add(networks.Generator.SynthesizeFromStyles(styles).MoveToOtherDisposeScope(scope));
            memory.AfterStep();
        }

        return BeforeAfterStrip.Row(cat(images, 0));
    }

    private void Report(DirectionApplyDocument document)
    {
        if (request.Output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(document, ContractJson.Options));
            return;
        }

        foreach (DirectionApplyEdit edit in document.Edits)
        {
            Console.WriteLine(FormattableString.Invariant(
                $"{edit.Target} (from {edit.Neutral}): {edit.Channels} of {edit.ChannelsOf} channels reach beta {edit.Beta:0.####}, largest relevance {edit.LargestRelevance:0.###}, {edit.Templates} phrasings, alpha {string.Join(", ", edit.Alphas.Select(alpha => alpha.ToString("0.####", CultureInfo.InvariantCulture)))}"));
        }

        Console.WriteLine(FormattableString.Invariant(
            $"{document.TextMilliseconds:0.0} ms from text to direction, {document.MillisecondsPerImage:0.0} ms for each edited image ({document.DeviceKind}, table {document.Table})"));
        foreach (string strip in document.Strips) Console.WriteLine(strip);
    }
}
