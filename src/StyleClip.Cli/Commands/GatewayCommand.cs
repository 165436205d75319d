using System.CommandLine;
using System.Net;
using StyleClip.Cli.Gateways;
using StyleClip.Cluster.Hosting;
using StyleClip.Gateway;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip gateway --store STORE</c>: serves the cluster of a store over HTTP.</summary>
internal static class GatewayCommand
{
    public static Command Create()
    {
        var store = new Option<string>("--store") { Description = "The artifact store of the cluster.", Required = true };
        var cluster = new Option<string>("--cluster")
        {
            Description = "Id of the cluster, where one store or one Redis serves several.",
            DefaultValueFactory = _ => StoreClusterOptions.DefaultClusterId,
        };
        var listen = new Option<IPAddress>("--listen")
        {
            Description = "Address to listen on. Other than loopback only where an API key exists. There is no TLS: put a proxy that has it in front.",
            CustomParser = result => IPAddress.TryParse(result.Tokens[0].Value, out IPAddress? address) ? address : Refuse(result),
            DefaultValueFactory = _ => IPAddress.Loopback,
        };
        var port = new Option<int>("--port") { Description = "Port to listen on; 0 takes a free one.", DefaultValueFactory = _ => GatewayOptions.DefaultPort };
        var metrics = new MetricsArguments();
        var redis = new Option<string?>("--redis") { Description = "Redis connection string, where the nodes keep their membership there." };
        var verbose = new Option<bool>("--verbose") { Description = "Log everything to standard error." };
        CommonOptions.RequireRange(port, 0, 65_535);
        var command = new Command("gateway", "Serve a cluster over HTTP to holders of API keys.") { store, cluster, listen, port, redis, verbose };
        metrics.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new GatewaySession(new GatewayRequest
        {
            Store = parsed.GetRequiredValue(store),
            ClusterId = parsed.GetRequiredValue(cluster),
            Listen = parsed.GetRequiredValue(listen),
            Port = parsed.GetValue(port),
            Metrics = metrics.Read(parsed),
            RedisConnection = parsed.GetValue(redis),
            Verbose = parsed.GetValue(verbose),
        }).Run(cancellationToken));
        return command;
    }

    private static IPAddress? Refuse(System.CommandLine.Parsing.ArgumentResult result)
    {
        result.AddError($"--listen is '{result.Tokens[0].Value}'; it must be an IP address, such as 127.0.0.1 or 0.0.0.0.");
        return null;
    }
}
