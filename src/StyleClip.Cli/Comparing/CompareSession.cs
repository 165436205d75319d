using System.Text.Json;
using StyleClip.Cli.Comparing.Reports;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Cli.Running.Display;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;
using StyleClip.Models.Weights;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Comparing;

/// <summary>One <c>styleclip compare</c>: the jobs of the comparison, their results measured alike, the report.</summary>
internal sealed class CompareSession(CompareRequest request)
{
    // The display's own summary is for `run`; what counts here is the report.
    private readonly IRunDisplay _display = RunDisplays.For(request.Run.Output);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        try
        {
            using StoreLock storeLock = StoreLock.Claim(request.Run.StoreDirectory);
            using var store = new DirectoryArtifactStore(request.Run.StoreDirectory);
            ComparisonPlan plan = await ComparisonPlan.Read(request.Run.SpecFile, store, cancellationToken);
            IReadOnlyList<SweepStatus> tables = [], methods = [];
            await using (EmbeddedRun run = await EmbeddedRun.Start(request.Run, store, _display, cancellationToken))
            {
                if (plan.Tables.Count > 0) tables = await run.Train(plan.Tables, cancellationToken);
                if (tables.All(HasEnded)) methods = await run.Train(plan.Methods, cancellationToken);
            }

            if (methods.Count > 0 && methods.All(HasEnded)) return await Report(plan, tables, methods, store, cancellationToken);
            _display.Note("Paused. The same command goes on.");
            return ExitCodes.Paused;
        }
        catch (Exception exception) when (exception is SpecException or DeviceMissingException or StoreInUseException or WeightsException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            _display.Error(exception.Message);
            return ExitCodes.BadInput;
        }
    }

    private async Task<int> Report(
        ComparisonPlan plan, IReadOnlyList<SweepStatus> tables, IReadOnlyList<SweepStatus> methods, IArtifactStore store, CancellationToken cancellationToken)
    {
        _display.Note("Measuring what the jobs have made.");
        PackPlace pack = await PackPlace.Find(plan.Pack.ToString(), request.Run.StoreDirectory, cancellationToken);
        await using LocalDevice device = await LocalDevice.Open(pack, request.Run.Device, request.Run.ThreadsPerDevice, cancellationToken);
        (ComparisonReport report, ReportPictures pictures) = await new ComparisonMeasurement(plan, tables, methods, store, device, request.Run).Measure(cancellationToken);

        Directory.CreateDirectory(request.Folder);
        await Write(request.JsonPath, ContractJson.ToBytes(report), cancellationToken);
        await Write(request.HtmlPath, new ReportHtml(report, pictures).ToBytes(), cancellationToken);
        if (request.Run.Output == OutputForm.Json) Console.WriteLine(JsonSerializer.Serialize(report, ContractJson.Options));
        else ReportText.Write(Console.Out, report);
        _display.Note($"Report: {request.HtmlPath}");
        return methods.SelectMany(method => method.Jobs).All(job => job.Phase == JobPhase.Succeeded) ? ExitCodes.Success : ExitCodes.JobsDidNotSucceed;
    }

    private static bool HasEnded(SweepStatus sweep) => sweep.Phase == SweepPhase.Ended;

    private static async Task Write(string path, byte[] content, CancellationToken cancellationToken)
    {
        string partial = path + ".partial";
        await File.WriteAllBytesAsync(partial, content, cancellationToken);
        File.Move(partial, path, overwrite: true);
    }
}
