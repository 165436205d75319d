using StyleClip.Cluster.GrainState;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Banks;

internal sealed class BankGrain(
    [PersistentState("bank", ArtifactGrainStorage.Name)] IPersistentState<BankState> state,
    IArtifactStore store,
    TimeProvider time) : Grain, IBankGrain
{
    /// <summary>Time after which a claimed shard is given to somebody else; workers renew their claims every second.</summary>
    private static readonly TimeSpan ClaimExpiry = TimeSpan.FromSeconds(20);

    private readonly Dictionary<int, DateTimeOffset> _claims = [];

    public async Task<BankClaim> Claim(BankRequest request, int shardCount, CancellationToken cancellationToken)
    {
        if (request.Key() != this.GetPrimaryKeyString())
            throw new ArgumentException($"The request's key is {request.Key()}; this bank is {this.GetPrimaryKeyString()}.", nameof(request));
        if (state.State.Request is null)
        {
            state.State = new BankState { Request = request, Shards = new ArtifactRef?[shardCount] };
            await state.WriteStateAsync(cancellationToken);
        }

        if (state.State.Manifest is { } manifest) return new BankClaim(manifest, null);
        DateTimeOffset now = time.GetUtcNow();
        for (int shard = 0; shard < state.State.Shards.Count; shard++)
        {
            if (state.State.Shards[shard] is not null || (_claims.TryGetValue(shard, out DateTimeOffset at) && now - at < ClaimExpiry)) continue;
            _claims[shard] = now;
            return new BankClaim(null, shard);
        }

        return new BankClaim(null, null);
    }

    public Task Renew(int shard, CancellationToken cancellationToken)
    {
        _claims[shard] = time.GetUtcNow();
        return Task.CompletedTask;
    }

    public async Task Complete(int shard, ArtifactRef artifact, CancellationToken cancellationToken)
    {
        BankState bank = state.State;
        if (bank.Request is not { } request || bank.Shards[shard] is not null) return;
        ArtifactRef?[] shards = [.. bank.Shards];
        shards[shard] = artifact;
        bank = bank with { Shards = shards };
        if (shards.All(part => part is not null)) bank = bank with { Manifest = await WriteManifest(request, shards!, cancellationToken) };
        state.State = bank;
        await state.WriteStateAsync(cancellationToken);
    }

    private Task<ArtifactRef> WriteManifest(BankRequest request, ArtifactRef[] shards, CancellationToken cancellationToken) => store.PutJson(
        new BankManifest
        {
            Spec = request.Spec,
            Pack = request.Pack,
            DeviceKind = request.DeviceKind,
            ClipInput = request.ClipInput,
            TrainingCount = request.TrainingCount,
            ValidationCount = request.Spec.Validation,
            Shards = shards,
        },
        cancellationToken);
}
