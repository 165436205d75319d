using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Edits;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Training.Directions;
using StyleClip.Training.Edits;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Directions;

/// <summary>Edits latents by text with a direction table and writes strips, and in a folder every picture by itself.</summary>
internal sealed class DirectionApply(DirectionApplyRequest request, string tableName, byte[] tableBytes, LocalDevice device)
{
    private readonly EditPictures _pictures = new(request.Target);

    /// <exception cref="InvalidDataException">An edit changes nothing, or the pictures do not fit; the message says why.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        (List<(string Path, byte[] Png)> strips, DirectionApplyDocument document) = await device.Invoke(networks => Edit(networks, cancellationToken), cancellationToken);
        foreach ((string path, byte[] png) in strips) await File.WriteAllBytesAsync(path, png, cancellationToken);
        Report(document);
    }

    private (List<(string Path, byte[] Png)> Strips, DirectionApplyDocument Document) Edit(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        using DirectionTableFile table = DirectionTableFile.Read(tableBytes, $"table {tableName}", networks.MeanW.device);
        ImageCodes codes = request.Latents.Codes(networks);
        List<(StyleDirection Direction, DirectionApplyEdit Report)> edits = [];
        try
        {
            long start = Stopwatch.GetTimestamp();
            foreach (TextEdit edit in request.Edits) edits.Add(Find(networks, table, edit));
            double textMilliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
            RenderedEdits rendered = Render(edits, withPictures: true);
            List<(string Path, byte[] Png)> strips = [(_pictures.Strip, rendered.Strip)];
            if (_pictures.IsFolder && edits.Count > 1)
                strips.AddRange(edits.Select(edit => (Path.Combine(request.Target, $"{Slug.Of(edit.Report.Target)}.png"), Render([edit], withPictures: false).Strip)));

            return (strips, new DirectionApplyDocument
            {
                Pack = networks.Manifest.Name,
                Table = tableName,
                DeviceKind = device.Kind,
                Latents = rendered.Latents,
                Edits = [.. edits.Select(edit => edit.Report)],
                Strips = [.. strips.Select(strip => strip.Path)],
                Pictures = _pictures.IsFolder ? rendered.Pictures : null,
                TextMilliseconds = Math.Round(textMilliseconds, 3),
                MillisecondsPerImage = Math.Round(rendered.Time.TotalMilliseconds / (rendered.Latents * Alphas(request.Edits).Length), 3),
            });

            RenderedEdits Render(List<(StyleDirection Direction, DirectionApplyEdit Report)> combined, bool withPictures)
            {
                int rows = combined.Max(edit => edit.Report.Alphas.Count);
                double[][] strengths = [.. Enumerable.Range(0, rows).Select(row => combined.Select(edit => edit.Report.Alphas[row]).ToArray())];
                return _pictures.Render(networks.Generator, codes, [.. combined.Select(edit => edit.Direction)], strengths, withPictures, cancellationToken);
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
        if (document.Pictures is not null) Console.WriteLine($"{document.Pictures.Count} pictures beside {(document.Strips.Count == 1 ? "it" : "them")}");
    }
}
