using System.Text.Json;
using StyleClip.Cluster.Hosting;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Faults.Tests;

/// <summary>The membership document, read as an operator would read it.</summary>
internal static class Membership
{
    /// <summary>Name of the node whose newest process has that silo address.</summary>
    public static async Task<string> NameOf(this IArtifactStore store, string silo, CancellationToken cancellationToken) =>
        (await Rows(store, cancellationToken)).Last(row => row.Silo == silo).Name;

    /// <summary>True where the newest process of that node is held for dead.</summary>
    public static async Task<bool> IsDead(this IArtifactStore store, string node, CancellationToken cancellationToken) =>
        (await Rows(store, cancellationToken)).LastOrDefault(row => row.Name == node).Status == "dead";

    private static async Task<IReadOnlyList<(string Silo, string Name, string Status)>> Rows(IArtifactStore store, CancellationToken cancellationToken)
    {
        StoredDocument? document = await store.ReadDocument($"membership/{StoreClusterOptions.DefaultClusterId}.json", cancellationToken);
        if (document is null) return [];
        using JsonDocument json = JsonDocument.Parse(document.Content);
        return
        [
            .. json.RootElement.GetProperty("silos").EnumerateArray().Select(row =>
                (row.GetProperty("silo").GetString()!, row.GetProperty("name").GetString()!, row.GetProperty("status").GetString()!)),
        ];
    }
}
