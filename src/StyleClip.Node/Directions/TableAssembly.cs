using System.Text.Json;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Storage.Artifacts;
using StyleClip.Training.Directions;

namespace StyleClip.Node.Directions;

/// <summary>Puts the measured units of a direction table together.</summary>
public static class TableAssembly
{
    /// <summary>The table's bytes, of units that all are in the store. The same units give the same bytes.</summary>
    public static async Task<byte[]> Assemble(IArtifactStore store, DirectionBuildState state, CancellationToken cancellationToken)
    {
        byte[] statistics = await store.Read(state.Statistics.Artifact!, cancellationToken);
        List<byte[]> ranges = [];
        foreach (DirectionBuildUnit range in state.Ranges) ranges.Add(await store.Read(range.Artifact!, cancellationToken));
        return DirectionTableBuilder.Assemble(statistics, ranges, new Dictionary<string, string>
        {
            ["pack"] = state.Request.Pack.ToString(),
            ["spec"] = JsonSerializer.Serialize(state.Request.Spec, ContractJson.Canonical),
            ["deviceKind"] = state.Request.DeviceKind,
            ["build"] = state.Request.Build,
        });
    }
}
