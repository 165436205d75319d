using StyleClip.Cluster.Banks;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Training.Devices;
using StyleClip.Training.Latents;

namespace StyleClip.Node.Segments;

/// <summary>Gets a segment its bank: helps to prepare what is missing of it, on the segment's own device, together with all who wait for it.</summary>
internal sealed class BankPreparation(IGrainFactory grains, IArtifactStore store, DeviceThread device, string deviceKind)
{
    private static readonly TimeSpan RenewPeriod = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>The bank, loaded. The caller owns it and disposes it on the device thread.</summary>
    public async Task<LatentBank> Get(SegmentRequest segment, FrozenNetworks networks, SegmentProgress progress, CancellationToken cancellationToken)
    {
        BankSpec spec = segment.Spec.Bank;
        ReadOnlyMemory<byte>? latentFile = spec.Digest is { } digest
            ? await store.ReadVerified(digest, cancellationToken)
            : null;
        BankPlan plan = BankPlan.Of(spec, latentFile);
        var request = new BankRequest
        {
            Spec = spec,
            Pack = segment.Spec.Pack,
            ClipInput = segment.Spec.Recipe.Loss.ClipInput,
            DeviceKind = deviceKind,
            TrainingCount = plan.TrainingCount,
        };
        IBankGrain bank = grains.GetGrain<IBankGrain>(request.Key());
        while (true)
        {
            BankClaim claim = await bank.Claim(request, plan.ShardCount, cancellationToken);
            if (claim.Manifest is { } manifest) return await Load(manifest, cancellationToken);
            if (claim.Shard is not { } shard)
            {
                progress.Activity = "waits for the latent bank";
                await Task.Delay(RetryPeriod, cancellationToken);
                continue;
            }

            progress.Activity = $"prepares the latent bank, shard {shard + 1} of {plan.ShardCount}";
            Task<byte[]> work = device.Invoke(
                () => BankBuilder.PrepareShard(spec, networks, request.ClipInput, shard, latentFile, cancellationToken), cancellationToken);
            while (await Task.WhenAny(work, Task.Delay(RenewPeriod, cancellationToken)) != work) await bank.Renew(shard, cancellationToken);
            ArtifactRef artifact = await store.Put(await work, MediaTypes.Safetensors, cancellationToken);
            await bank.Complete(shard, artifact, cancellationToken);
            NodeInstruments.BankLatents.Add(plan.Range(shard).Count, new("node", segment.Lease.Node), new("device", device.Name));
        }
    }

    private async Task<LatentBank> Load(ArtifactRef reference, CancellationToken cancellationToken)
    {
        var manifest = ContractJson.FromBytes<BankManifest>(await store.Read(reference, cancellationToken), "The bank's manifest");
        var shards = new List<byte[]>();
        foreach (ArtifactRef shard in manifest.Shards) shards.Add(await store.Read(shard, cancellationToken));
        return await device.Invoke(() => LatentBank.Load(manifest, shards), cancellationToken);
    }
}
