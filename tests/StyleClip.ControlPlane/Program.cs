using System.CommandLine;
using StyleClip.ControlPlane;

Option<int> jobs = new("--jobs") { Description = "Jobs, all sweeps together.", DefaultValueFactory = _ => 10_000 };
Option<int> sweeps = new("--sweeps") { Description = "Sweeps.", DefaultValueFactory = _ => 1 };
Option<int> nodes = new("--nodes") { Description = "Simulated nodes.", DefaultValueFactory = _ => 200 };
Option<int> devices = new("--devices") { Description = "Devices of a node.", DefaultValueFactory = _ => 1 };
Option<int> silos = new("--silos") { Description = "Silos that carry the nodes.", DefaultValueFactory = _ => 2 };
Option<DirectoryInfo?> store = new("--store") { Description = "Folder of the store, which must be empty; without it the store is in memory." };
Option<int> reports = new("--reports") { Description = "Progress reports of a job.", DefaultValueFactory = _ => 6 };
Option<int> checkpoints = new("--checkpoints") { Description = "Checkpoints of a job, before the last one.", DefaultValueFactory = _ => 2 };
Option<int> interval = new("--interval") { Description = "Milliseconds between two reports of a job; 0: as fast as it is answered." };
Option<int> shards = new("--micro-shards") { Description = "Micro-shards of a job.", DefaultValueFactory = _ => 1 };

RootCommand root = new("Runs the cluster's grains with devices that compute nothing, and measures what coordination costs.")
{
    jobs, sweeps, nodes, devices, silos, store, reports, checkpoints, interval, shards,
};
root.SetAction(async (parsed, cancellationToken) =>
{
    SimulationReport report = await Simulation.Run(
        new ControlPlaneOptions
        {
            Jobs = parsed.GetValue(jobs),
            Sweeps = parsed.GetValue(sweeps),
            Nodes = parsed.GetValue(nodes),
            DevicesPerNode = parsed.GetValue(devices),
            Silos = parsed.GetValue(silos),
            Store = parsed.GetValue(store)?.FullName,
            Reports = parsed.GetValue(reports),
            Checkpoints = parsed.GetValue(checkpoints),
            ReportInterval = TimeSpan.FromMilliseconds(parsed.GetValue(interval)),
            MicroShards = parsed.GetValue(shards),
        },
        cancellationToken);
    foreach (string line in report.Lines()) await parsed.InvocationConfiguration.Output.WriteLineAsync(line);
    return report.Succeeded == report.Options.Jobs ? 0 : 1;
});
return await root.Parse(args).InvokeAsync();
