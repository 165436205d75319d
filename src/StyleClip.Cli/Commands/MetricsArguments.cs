using System.CommandLine;
using System.Net;
using StyleClip.Gateway.Metrics;

namespace StyleClip.Cli.Commands;

/// <summary>The options of a process that Prometheus scrapes.</summary>
internal sealed class MetricsArguments
{
    private readonly Option<int?> _port = new("--metrics-port") { Description = "Serve Prometheus metrics at http://ADDRESS:PORT/metrics; 0 takes a free port." };

    private readonly Option<IPAddress> _listen = new("--metrics-listen")
    {
        Description = "Address for the metrics. They carry no prompts, but whoever reaches the address reads them: keep it inside the cluster's network.",
        CustomParser = result =>
        {
            if (IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address)) return address;
            result.AddError($"--metrics-listen is '{result.Tokens[0].Value}'; it must be an IP address, such as 127.0.0.1 or 0.0.0.0.");
            return null;
        },
        DefaultValueFactory = _ => IPAddress.Loopback,
    };

    private readonly Option<int> _retention = new("--metrics-retention")
    {
        Description = "Seconds for which a job's or a sweep's metrics are shown after its end.",
        DefaultValueFactory = _ => 3_600,
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        CommonOptions.RequireRange(_port, 0, 65_535);
        CommonOptions.RequireRange(_retention, 1, 604_800);
        foreach (Option option in new Option[] { _port, _listen, _retention }) command.Add(option);
    }

    /// <summary>What was asked for; null where no metrics were.</summary>
    public MetricsOptions? Read(ParseResult parsed) => parsed.GetValue(_port) is not { } port
        ? null
        : new() { Port = port, Listen = parsed.GetRequiredValue(_listen), Retention = TimeSpan.FromSeconds(parsed.GetValue(_retention)) };
}
