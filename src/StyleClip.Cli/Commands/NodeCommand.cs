using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using StyleClip.Cli.Nodes;
using StyleClip.Cluster.Hosting;
using StyleClip.Contracts.Library;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip node --store STORE</c>: puts this machine's devices into the cluster of a store.</summary>
internal static class NodeCommand
{
    private const int MaxNameLength = 60;

    public static Command Create()
    {
        var store = new Option<string>("--store")
        {
            Description = "The artifact store: a folder, azure://CONTAINER or a container's address. Nodes with the same store form one cluster.",
            Required = true,
        };
        var cluster = new Option<string>("--cluster")
        {
            Description = "Id of the cluster, where one store or one Redis serves several.",
            DefaultValueFactory = _ => StoreClusterOptions.DefaultClusterId,
        };
        var name = new Option<string>("--name")
        {
            Description = "Name of the node, unique in its cluster.",
            DefaultValueFactory = _ => Slug.Of(Environment.MachineName),
        };
        var device = new Option<DeviceChoice>("--device")
        {
            Description = "auto: the GPU where the build and the machine have one, else CPU devices.",
            DefaultValueFactory = _ => DeviceChoice.Auto,
        };
        var devices = new Option<int>("--devices")
        {
            Description = "CPU devices, each with a thread of its own.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        var threads = new Option<int>("--threads-per-device")
        {
            Description = "Intra-op threads of a device. Part of the device kind: mappers of another number have other bytes.",
            DefaultValueFactory = _ => 1,
        };
        var listen = new Option<IPAddress>("--listen")
        {
            Description = "Address or name of this machine at which the other nodes reach it.",
            CustomParser = ParseAddress,
            DefaultValueFactory = _ => IPAddress.Loopback,
        };
        var siloPort = new Option<int?>("--silo-port") { Description = "Port for the other nodes; a free one where it is not given." };
        var gatewayPort = new Option<int?>("--gateway-port") { Description = "Port for clients of the cluster; a free one where it is not given." };
        var metrics = new MetricsArguments();
        var redis = new Option<string?>("--redis") { Description = "Redis connection string: keep the membership there instead of in the store." };
        var cache = new Option<DirectoryInfo?>("--cache") { Description = "Folder for packs fetched from the store." };
        var drainLimit = new Option<int>("--drain-limit")
        {
            Description = "Seconds that a termination signal may take: running jobs write a checkpoint and go to other nodes.",
            DefaultValueFactory = _ => 60,
        };
        var verbose = new Option<bool>("--verbose") { Description = "Log everything that the cluster does to standard error." };
        foreach (Option<string> identifier in new[] { cluster, name }) RequireName(identifier);
        CommonOptions.RequireRange(devices, 1, 1_024);
        CommonOptions.RequireRange(threads, 1, 1_024);
        CommonOptions.RequireRange(siloPort, 1, 65_535);
        CommonOptions.RequireRange(gatewayPort, 1, 65_535);
        CommonOptions.RequireRange(drainLimit, 1, 3_600);

        var command = new Command("node", "Put this machine's devices into the cluster of a store.")
        {
            store, cluster, name, device, devices, threads, listen, siloPort, gatewayPort, redis, cache, drainLimit, verbose,
        };
        foreach (Command remote in NodeRemoteCommands.Create()) command.Add(remote);
        metrics.AddTo(command);
        command.SetAction((parsed, cancellationToken) => new NodeSession(new NodeRequest
        {
            Store = parsed.GetRequiredValue(store),
            ClusterId = parsed.GetRequiredValue(cluster),
            Name = parsed.GetRequiredValue(name),
            Device = parsed.GetValue(device),
            Devices = parsed.GetValue(devices),
            ThreadsPerDevice = parsed.GetValue(threads),
            Listen = parsed.GetRequiredValue(listen),
            SiloPort = parsed.GetValue(siloPort),
            GatewayPort = parsed.GetValue(gatewayPort),
            Metrics = metrics.Read(parsed),
            RedisConnection = parsed.GetValue(redis),
            CacheDirectory = parsed.GetValue(cache)?.FullName ?? Path.Combine(ArtifactStores.CacheFolder(parsed.GetRequiredValue(store)), "packs"),
            DrainLimit = TimeSpan.FromSeconds(parsed.GetValue(drainLimit)),
            Verbose = parsed.GetValue(verbose),
        }).Run(cancellationToken));
        return command;
    }

    private static void RequireName(Option<string> option) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && !IsName(token.Value))
            result.AddError($"{option.Name} is '{token.Value}'; it must be 1 to {MaxNameLength} characters of a-z, 0-9 and '-'.");
    });

    private static bool IsName(string text) =>
        text.Length is > 0 and <= MaxNameLength && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    // An address that means 'all of them' is not one that another machine could connect to.
    private static IPAddress? ParseAddress(ArgumentResult result)
    {
        string text = result.Tokens[0].Value;
        try
        {
            IPAddress[] addresses = IPAddress.TryParse(text, out IPAddress? address) ? [address] : Dns.GetHostAddresses(text, AddressFamily.InterNetwork);
            if (addresses is [var first, ..] && !first.Equals(IPAddress.Any) && !first.Equals(IPAddress.IPv6Any)) return first;
        }
        catch (SocketException)
        {
            // not a name either
        }

        result.AddError($"--listen is '{text}'; it must be an address or a name of this machine that the other nodes can connect to.");
        return null;
    }
}
