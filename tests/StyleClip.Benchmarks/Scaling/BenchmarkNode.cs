using System.Diagnostics;
using System.Globalization;
using System.Reflection;

namespace StyleClip.Benchmarks.Scaling;

/// <summary>A node process with one device of one thread.</summary>
internal sealed class BenchmarkNode : IDisposable
{
    private static readonly string Program = typeof(BenchmarkNode).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == "Program").Value!;

    private readonly Process _process;
    private readonly TaskCompletionSource<Uri> _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Uri? _metrics;

    private BenchmarkNode(string name, string store, string cache)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(
                Program,
                ["node", "--name", name, "--store", store, "--cache", cache, "--device", "cpu", "--devices", "1", "--metrics-port", "0"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
            EnableRaisingEvents = true,
        };
        DataReceivedEventHandler heard = (_, line) =>
        {
            if (line.Data is not { } text) return;
            int address = text.IndexOf("http://", StringComparison.Ordinal);
            if (address >= 0 && text.Contains("/metrics", StringComparison.Ordinal)) _metrics = new Uri(text[address..].Split(' ')[0].TrimEnd('.'));
            if (text.Contains(" is ready", StringComparison.Ordinal)) _ready.TrySetResult(_metrics!);
        };
        _process.OutputDataReceived += heard;
        _process.ErrorDataReceived += heard;
        _process.Exited += (_, _) => _ready.TrySetException(new InvalidOperationException($"Node {name} ended."));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Processor time used so far.</summary>
    public TimeSpan Processor
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    public static async Task<BenchmarkNode> Start(string name, string store, string cache)
    {
        var node = new BenchmarkNode(name, store, cache);
        await node._ready.Task.WaitAsync(TimeSpan.FromMinutes(1));
        return node;
    }

    /// <summary>Bytes that the node's members have sent to others.</summary>
    public async Task<double> SentBytes(HttpClient http)
    {
        string text = await http.GetStringAsync(_metrics);
        return text.Split('\n')
            .Where(line => line.StartsWith("styleclip_gradient_sent_bytes_total", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }

    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
