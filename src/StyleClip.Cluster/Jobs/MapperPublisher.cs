using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Packs;

namespace StyleClip.Cluster.Jobs;

internal sealed class MapperPublisher(IArtifactStore store, PackLibrary packs, Catalogue catalogue) : IMapperPublisher
{
    private const string NoIdentity = "The pack has no identity network: the identity term was off, whatever the recipe says, and how far identities are kept was not measured.";

    public async Task<(ArtifactRef Card, GateVerdict Verdict)> Publish(JobSpec spec, TrainingResult result, CancellationToken cancellationToken)
    {
        PackManifest pack = await packs.Read(spec.Pack, cancellationToken);
        GateVerdict verdict = GateVerdict.Of(spec.Gate, result.Metrics);
        var card = new MapperCard
        {
            Slug = spec.Slug(),
            Prompt = spec.Prompt,
            Neutral = spec.Neutral,
            Job = JobId.Of(spec),
            Mapper = result.Mapper,
            Strip = result.Strip,
            Pack = new CardPack(pack.Name, spec.Pack, pack.Licence, pack.Files.ToDictionary(file => file.Key, file => file.Value.Digest)),
            Recipe = spec.Recipe,
            Bank = spec.Bank,
            Seed = spec.Seed,
            Steps = result.Steps,
            Metrics = result.Metrics,
            Gate = spec.Gate,
            PassesGate = verdict.Passes,
            DeviceKind = result.DeviceKind,
            Build = result.Build,
            Method = spec.Method,
            Notes = pack.Identity is null ? [NoIdentity] : null,
        };
        ArtifactRef reference = await store.PutJson(card, cancellationToken);
        if (verdict.Passes) await catalogue.Publish(card, cancellationToken);
        return (reference, verdict);
    }
}
