using System.CommandLine;
using StyleClip.Cli.Running;
using StyleClip.Node;

namespace StyleClip.Cli.Commands;

/// <summary>Options of commands that work on sweeps in this process.</summary>
internal sealed class RunOptions
{
    private readonly Option<DirectoryInfo> _store = new("--store")
    {
        Description = "Folder of the artifact store. It keeps everything; the same command on the same store goes on where it stopped.",
        DefaultValueFactory = _ => new DirectoryInfo(Path.Combine(".styleclip", "store")),
    };

    private readonly Option<OutputForm> _output = new("--output")
    {
        Description = "text: progress and a table; json: one JSON document, progress lines go to standard error.",
        DefaultValueFactory = _ => OutputForm.Text,
    };

    private readonly Option<int?> _metricsPort = new("--metrics-port") { Description = "Serve Prometheus metrics at http://127.0.0.1:PORT/metrics; 0 takes a free port." };

    private readonly Option<DeviceChoice> _device = new("--device")
    {
        Description = "auto: the GPU where the build and the machine have one, else CPU devices.",
        DefaultValueFactory = _ => DeviceChoice.Auto,
    };

    private readonly Option<int> _devices = new("--devices")
    {
        Description = "CPU devices, each one thread; as many prompts train side by side.",
        DefaultValueFactory = _ => Environment.ProcessorCount,
    };

    private readonly Option<int> _threads = new("--threads-per-device")
    {
        Description = "Intra-op threads of a device. Part of the device kind: mappers of another number have other bytes.",
        DefaultValueFactory = _ => 1,
    };

    private readonly Option<bool> _verbose = new("--verbose") { Description = "Log what the cluster does to standard error." };

    public RunOptions()
    {
        CommonOptions.RequireRange(_metricsPort, 0, 65_535);
        CommonOptions.RequireRange(_devices, 1, 1_024);
        CommonOptions.RequireRange(_threads, 1, 1_024);
    }

    public void AddTo(Command command)
    {
        foreach (Option option in new Option[] { _store, _output, _metricsPort, _device, _devices, _threads, _verbose }) command.Add(option);
    }

    public RunRequest Read(ParseResult parsed, FileInfo spec) => new()
    {
        SpecFile = spec.FullName,
        StoreDirectory = parsed.GetRequiredValue(_store).FullName,
        Output = parsed.GetValue(_output),
        MetricsPort = parsed.GetValue(_metricsPort),
        Device = parsed.GetValue(_device),
        Devices = parsed.GetValue(_devices),
        ThreadsPerDevice = parsed.GetValue(_threads),
        Verbose = parsed.GetValue(_verbose),
    };
}
