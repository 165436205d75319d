using System.CommandLine;
using System.Globalization;
using StyleClip.Cli.Remote;
using StyleClip.Client;
using StyleClip.Contracts.Nodes;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip node list|cordon|uncordon|drain</c>: the nodes of a cluster, over its gateway.</summary>
internal static class NodeRemoteCommands
{
    public static IEnumerable<Command> Create() =>
    [
        List(),
        Verb("cordon", "Give a node no new work; what runs goes on.", (nodes, node, ct) => nodes.Cordon(node, ct)),
        Verb("uncordon", "Give a node work again.", (nodes, node, ct) => nodes.Uncordon(node, ct)),
        Verb("drain", "Give a node no new work and move what runs elsewhere.", (nodes, node, ct) => nodes.Drain(node, ct)),
    ];

    private static Command List() => RemoteOptions.AddTo(new Command("list", "List the nodes of a cluster."), async call =>
    {
        IReadOnlyList<NodeStatus> nodes = await call.Client.Nodes.List(call.Cancellation);
        call.Write(nodes, () =>
        {
            var listing = new Listing("node", "state", "devices", "busy", "kind", "build", "heard", "");
            foreach (NodeStatus node in nodes)
            {
                listing.Add(
                    node.Name,
                    PhaseText.Of(node.State),
                    $"{node.Devices.Count}",
                    $"{node.Devices.Count(device => device.Job is not null)}",
                    string.Join(" ", node.Devices.Select(device => device.Kind).Distinct()),
                    node.Build ?? "-",
                    node.HeardAt?.UtcDateTime.ToString("HH:mm:ss'Z'", CultureInfo.InvariantCulture) ?? "-",
                    node.Reason ?? "");
            }

            listing.Write();
        });
    });

    private static Command Verb(string verb, string description, Func<NodesClient, string, CancellationToken, Task<NodeStatus>> act)
    {
        var name = new Argument<string>("name") { Description = "Name of the node." };
        return RemoteOptions.AddTo(new Command(verb, description) { name }, async call =>
        {
            NodeStatus node = await act(call.Client.Nodes, call.Parsed.GetRequiredValue(name), call.Cancellation);
            call.Write(node, () => Console.WriteLine($"{node.Name}: {PhaseText.Of(node.State)}{(node.Reason is null ? "" : $" ({node.Reason})")}"));
        });
    }
}
