using System.CommandLine;
using StyleClip.Cli.Running;
using StyleClip.Node;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip run SWEEP.yaml</c>: trains a sweep in this process, from its spec to published mappers.</summary>
internal static class RunCommand
{
    public static Command Create()
    {
        var sweep = new Argument<FileInfo>("sweep") { Description = "The sweep spec, YAML." };
        var store = new Option<DirectoryInfo>("--store")
        {
            Description = "Folder of the artifact store. It keeps everything; the same command on the same store goes on where it stopped.",
            DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".styleclip", "store")),
        };
        var output = new Option<OutputForm>("--output")
        {
            Description = "text: progress and a table; json: one JSON document, progress lines go to standard error.",
            DefaultValueFactory = _ => OutputForm.Text,
        };
        var metricsPort = new Option<int?>("--metrics-port") { Description = "Serve Prometheus metrics at http://127.0.0.1:PORT/metrics; 0 takes a free port." };
        var device = new Option<DeviceChoice>("--device")
        {
            Description = "auto: the GPU where the build and the machine have one, else CPU devices.",
            DefaultValueFactory = _ => DeviceChoice.Auto,
        };
        var devices = new Option<int>("--devices")
        {
            Description = "CPU devices, each one thread; as many prompts train side by side.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var threads = new Option<int>("--threads-per-device")
        {
            Description = "Intra-op threads of a device. Part of the device kind: mappers of another number have other bytes.",
            DefaultValueFactory = _ => 1,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Log what the cluster does to standard error." };
        CommonOptions.RequireRange(metricsPort, 0, 65_535);
        CommonOptions.RequireRange(devices, 1, 1_024);
        CommonOptions.RequireRange(threads, 1, 1_024);

        var command = new Command("run", "Train a sweep in this process.") { sweep, store, output, metricsPort, device, devices, threads, verbose };
        command.SetAction((parsed, cancellationToken) => new RunSession(new RunRequest
        {
            SweepFile = parsed.GetRequiredValue(sweep).FullName,
            StoreDirectory = parsed.GetRequiredValue(store).FullName,
            Output = parsed.GetValue(output),
            MetricsPort = parsed.GetValue(metricsPort),
            Device = parsed.GetValue(device),
            Devices = parsed.GetValue(devices),
            ThreadsPerDevice = parsed.GetValue(threads),
            Verbose = parsed.GetValue(verbose),
        }).Run(cancellationToken));
        return command;
    }
}
