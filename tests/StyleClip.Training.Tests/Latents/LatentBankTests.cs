using StyleClip.Contracts.Latents;
using StyleClip.Models.Weights;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Latents;

public sealed class LatentBankTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    [Fact]
    public void The_held_out_latents_are_the_last_ones()
    {
        using DisposeScope scope = NewDisposeScope();

        Golden.AssertClose(world.Bank.Latents.narrow(0, 20, 6), world.Bank.Validation(0, 6, CPU).Latents, 0);
    }

    [Fact]
    public void A_batch_has_latents_and_features_of_its_indices()
    {
        using DisposeScope scope = NewDisposeScope();
        LatentBatch batch = world.Bank.Training([5, 0], CPU);

        Golden.AssertClose(world.Bank.Latents[5], batch.Latents[0], 0);
        Golden.AssertClose(world.Bank.Clip[0], batch.Clip[1], 0);
        Golden.AssertClose(world.Bank.Identity![5], batch.Identity![0], 0);
    }

    [Fact]
    public void A_missing_shard_is_found()
    {
        (BankManifest manifest, byte[][] shards) = RandomBank.Prepare(TrainingWorld.BankSpec with { Count = 6, Validation = 4, ShardSize = 5 }, world.Networks);

        WeightsException error = Assert.Throws<WeightsException>(() => LatentBank.Load(manifest, shards[..1]));

        Assert.Contains("hold 5 rows", error.Message, StringComparison.Ordinal);
        Assert.Contains("promises 10", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_shard_is_refused()
    {
        (BankManifest manifest, _) = RandomBank.Prepare(TrainingWorld.BankSpec with { Count = 1, Validation = 1 }, world.Networks);

        WeightsException error = Assert.Throws<WeightsException>(() => LatentBank.Load(manifest, [BankPlanTests.LatentFileBytes(2)]));

        Assert.Contains("format", error.Message, StringComparison.Ordinal);
    }
}
