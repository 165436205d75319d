using System.Globalization;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Edits;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Json;
using StyleClip.Models.Packs;
using StyleClip.Training.Edits;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Cli.Mappers;

/// <summary>Applies one or more mappers and directions to latents and writes the pictures.</summary>
internal sealed class MapperApply(MapperApplyRequest request, IReadOnlyList<EditSource> sources, LocalDevice device)
{
    /// <summary>One strength of every edit, per row of edited pictures.</summary>
    private readonly double[][] _rows = Rows(request, sources);

    private readonly EditPictures _pictures = new(request.Target);

    /// <exception cref="InvalidDataException">What is asked for makes no picture; the message says why.</exception>
    public async Task Run(CancellationToken cancellationToken)
    {
        RenderedEdits rendered = await device.Invoke(networks => Render(networks, cancellationToken), cancellationToken);
        await File.WriteAllBytesAsync(_pictures.Strip, rendered.Strip, cancellationToken);
        Report(new MapperApplyDocument
        {
            Pack = device.Pack.Manifest.Name,
            DeviceKind = device.Kind,
            Latents = rendered.Latents,
            Edits = [.. sources.Select((source, i) => new MapperApplyEdit(source.Name, source.Card?.Prompt, [.. _rows.Select(row => row[i])]) { Method = source.Method })],
            Strip = _pictures.Strip,
            Pictures = _pictures.IsFolder ? rendered.Pictures : null,
            EditedImages = rendered.Latents * _rows.Length,
            MillisecondsPerImage = Math.Round(rendered.Time.TotalMilliseconds / (rendered.Latents * _rows.Length), 3),
        });
    }

    private static double[][] Rows(MapperApplyRequest request, IReadOnlyList<EditSource> sources)
    {
        if (request.Strengths.Count > 0 && request.Edits.All(edit => edit.Strength is not null))
            throw new InvalidDataException("Every edit has a strength of its own; --strength is for edits that have none.");
        IEnumerable<double?> shared = request.Strengths.Count == 0 ? [null] : request.Strengths.Select(strength => (double?)strength);
        return [.. shared.Select(strength => sources.Select((source, i) => request.Edits[i].Strength ?? strength ?? source.Strength).ToArray())];
    }

    private RenderedEdits Render(FrozenNetworks networks, CancellationToken cancellationToken)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        ImageCodes codes = request.Latents.Codes(networks);
        List<ICodeEdit> edits = [];
        try
        {
            foreach (EditSource source in sources)
            {
                edits.Add(source.Load(networks));
                if (codes.WPlus is null && edits[^1].NeedsWPlus)
                    throw new InvalidDataException($"{request.Latents.File} has codes in style space; the mapper {source.Name} works in W+ and needs codes in W or W+.");
            }

            return _pictures.Render(networks.Generator, codes, edits, _rows, withPictures: true, cancellationToken);
        }
        finally
        {
            foreach (ICodeEdit edit in edits) edit.Dispose();
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
}
