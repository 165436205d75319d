using StyleClip.Cli.Remote;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Directions;

/// <summary>A table that the nodes of a cluster measure: a sweep of one job, submitted and followed over the gateway.</summary>
internal static class RemoteBuild
{
    private const int LongestSweepName = 64;

    /// <exception cref="ArgumentException">The cluster has no such pack; the message says which it has.</exception>
    public static async Task<int> Run(RemoteCall call, string pack, string? name, Func<double, DirectionTableSpec> spec)
    {
        IReadOnlyList<PackSummary> packs = await call.Client.ListPacks(call.Cancellation);
        PackSummary known = packs.FirstOrDefault(candidate => candidate.Name == pack)
            ?? throw new ArgumentException($"The pack is '{pack}'; it must be one of the cluster's: {(packs.Count == 0 ? "there is none" : string.Join(", ", packs.Select(candidate => candidate.Name)))}.");
        DirectionTableSpec table = spec(known.Truncation);
        string tableName = name ?? table.DefaultName();
        var sweep = new SweepSpec { Name = SweepName(tableName), Pack = known.Name, Prompts = [], Tables = [new TableSpec { Name = tableName, Spec = table }] };
        SweepSubmission submission = await call.Client.Sweeps.Submit(ResolvedSpec.Write(sweep), latents: null, call.Cancellation);
        if (!call.IsJson) Console.WriteLine(SubmissionText.Headline(submission));
        int exitCode = await SweepWatch.Follow(call, submission.Sweep.Id);
        if (!call.IsJson && exitCode == ExitCodes.Success) Report(tableName, (await SweepWatch.Status(call, submission.Sweep.Id)).Jobs[0]);
        return exitCode;
    }

    // The sweep's id has a hash of the spec in it: two tables whose names come to the same here are two sweeps.
    private static string SweepName(string table)
    {
        string name = $"table-{table.Replace('.', '-').Replace('_', '-')}";
        return name.Length <= LongestSweepName ? name : name[..LongestSweepName];
    }

    private static void Report(string name, JobStatus job)
    {
        Console.WriteLine(name);
        Console.WriteLine($"  table {job.Mapper?.Digest}");
        Console.WriteLine($"  card  {job.Card?.Digest}");
    }
}
