using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Catalogue;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;

namespace StyleClip.Cluster.Jobs;

internal sealed class ResultPublisher(IArtifactStore store, PackLibrary packs, Catalogue catalogue, DirectionLibrary tables) : IResultPublisher
{
    private const string NoIdentityTerm = "The pack has no identity network: the identity term was off, whatever the recipe says, and how far identities are kept was not measured.";
    private const string NoIdentity = "The pack has no identity network: how far identities are kept was not measured.";
    private const string OwnLatents = "The metrics are those of the optimised latents themselves. Every other latent needs an optimisation of its own.";
    private const string OwnPicture = "The metrics are those of the one picture that was made of the text, against that of the mean latent, where it starts. It edits no other picture.";

    public async Task<(ArtifactRef Card, GateVerdict Verdict)> Publish(JobSpec spec, TrainingResult result, CancellationToken cancellationToken)
    {
        PackManifest pack = await packs.Read(spec.Pack, cancellationToken);
        var cardPack = new CardPack(pack.Name, spec.Pack, pack.Licence, pack.Files.ToDictionary(file => file.Key, file => file.Value.Digest));
        return spec.Table is { } table
            ? await PublishTable(TableCard(spec, table, result, cardPack), cancellationToken)
            : await PublishEdit(EditCard(spec, result, cardPack, Notes(spec, pack, result.Domain)), cancellationToken);
    }

    private async Task<(ArtifactRef Card, GateVerdict Verdict)> PublishEdit(MapperCard card, CancellationToken cancellationToken)
    {
        GateVerdict verdict = GateVerdict.Of(card.Gate, card.Metrics);
        card = card with { PassesGate = verdict.Passes };
        ArtifactRef reference = await store.PutJson(card, cancellationToken);
        if (verdict.Passes) await catalogue.Publish(card, cancellationToken);
        return (reference, verdict);
    }

    private async Task<(ArtifactRef Card, GateVerdict Verdict)> PublishTable(DirectionTableCard card, CancellationToken cancellationToken)
    {
        ArtifactRef reference = await store.PutJson(card, cancellationToken);
        try
        {
            await tables.Publish(card, cancellationToken);
            return (reference, new GateVerdict(true, null));
        }
        catch (InvalidDataException exception)
        {
            return (reference, new GateVerdict(false, exception.Message)); // the name is another table's; its parts are kept, so that under a new name it is there at once
        }
    }

    private static MapperCard EditCard(JobSpec spec, TrainingResult result, CardPack pack, List<string>? notes) => new()
    {
        Slug = spec.Slug(),
        Prompt = spec.Prompt,
        Neutral = spec.Neutral,
        Job = JobId.Of(spec),
        Mapper = result.Mapper,
        Strip = Given(result.Strip),
        Pack = pack,
        Recipe = spec.Recipe,
        Bank = spec.Bank,
        Seed = spec.Seed,
        Steps = result.Steps,
        Metrics = Given(result.Metrics),
        Gate = spec.Gate,
        PassesGate = false, // until the gate was looked at
        DeviceKind = result.DeviceKind,
        Build = result.Build,
        Method = spec.Method,
        Domain = result.Domain,
        Notes = notes,
    };

    private static DirectionTableCard TableCard(JobSpec spec, DirectionTableSpec table, TrainingResult result, CardPack pack) => new()
    {
        Name = spec.Prompt,
        Pack = pack,
        Table = result.Mapper,
        Rows = result.TableRows ?? throw new InvalidOperationException("The result of a table has no TableRows."),
        Features = result.TableFeatures ?? throw new InvalidOperationException("The result of a table has no TableFeatures."),
        Spec = table,
        DeviceKind = result.DeviceKind,
        Build = result.Build,
    };

    private static List<string>? Notes(JobSpec spec, PackManifest pack, DomainReport? domain)
    {
        var notes = new List<string>();
        bool isFree = spec is { Method: EditMethod.Optimization, Recipe.Optimization.Kind: OptimizationKind.Free };
        if (spec.Method == EditMethod.Optimization) notes.Add(isFree ? OwnPicture : OwnLatents);
        if (pack.Identity is null) notes.Add(isFree || spec.Method == EditMethod.Direction ? NoIdentity : NoIdentityTerm);
        if (domain is { Verdict: DomainVerdict.Outside or DomainVerdict.Doubtful }) notes.Add(domain.Sentence);
        return notes.Count == 0 ? null : notes;
    }

    private static T Given<T>(T? part)
        where T : class => part ?? throw new InvalidOperationException($"The result of an edit has no {typeof(T).Name}.");
}
