using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Models.Weights;
using StyleClip.Reference.Packs;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Latents;

public sealed class BankBuilderTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    private static readonly BankSpec Spec = TrainingWorld.BankSpec;

    [Fact]
    public void A_shard_has_the_same_bytes_whenever_it_is_prepared()
    {
        set_num_threads(1);
        byte[] alone = BankBuilder.PrepareShard(Spec, world.Networks, ClipInput.Normalized, 2, cancellationToken: TestContext.Current.CancellationToken);

        _ = BankBuilder.PrepareShard(Spec, world.Networks, ClipInput.Normalized, 0, cancellationToken: TestContext.Current.CancellationToken);

        Assert.Equal(alone, BankBuilder.PrepareShard(Spec, world.Networks, ClipInput.Normalized, 2, cancellationToken: TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Latents_do_not_depend_on_how_the_bank_is_cut()
    {
        set_num_threads(1);
        using LatentBank other = RandomBank.Load(Spec with { ShardSize = 26 }, world.Networks);

        Golden.AssertClose(world.Bank.Latents, other.Latents, 1e-6);
        Golden.AssertClose(world.Bank.Clip, other.Clip, 1e-5);
    }

    [Fact]
    public void Held_out_latents_are_those_of_the_prepared_bank()
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();

        Tensor heldOut = BankBuilder.HeldOut(Spec with { Validation = 1 }, world.Networks, first: 1, count: 3);

        Golden.AssertClose(world.Bank.Validation(1, 3, CPU).Latents, heldOut, 1e-6);
    }

    [Fact]
    public void Held_out_latents_of_a_bank_that_is_not_prepared_are_its_own_bit_for_bit()
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();

        Tensor heldOut = BankBuilder.HeldOutWPlus(Spec, world.Networks, count: 5); // of shards 2 and 3

        Tensor expected = world.Networks.Generator.Repeat(world.Bank.Validation(0, 5, CPU).Latents);
        Assert.Equal(expected.contiguous().bytes.ToArray(), heldOut.bytes.ToArray());
    }

    [Fact]
    public void Sampled_latents_are_standard_normal_before_the_mapping_and_differ_by_seed()
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();
        // Truncated towards zero (the pack's mean), w scales with psi: a check of truncation and seed in one.
        using LatentBank half = RandomBank.Load(Spec with { Truncation = 0.35 }, world.Networks);
        using LatentBank other = RandomBank.Load(Spec with { Seed = 4 }, world.Networks);

        Golden.AssertClose(world.Bank.Latents / 2, half.Latents, 1e-5);
        Assert.False(world.Bank.Latents.allclose(other.Latents));
    }

    [Fact]
    public void Features_are_those_of_the_source_images()
    {
        set_num_threads(1);
        using DisposeScope scope = NewDisposeScope();
        FrozenNetworks networks = world.Networks;
        LatentBatch batch = world.Bank.Validation(1, 2, CPU);
        Tensor image = networks.Generator.Synthesize(networks.Generator.Repeat(batch.Latents));
        IdentityLoss identity = networks.IdentityLoss()!;

        Golden.AssertClose(networks.ClipLoss(ClipInput.Normalized).EmbedImage(image), batch.Clip, 1e-5);
        Golden.AssertClose(identity.Features(image), batch.Identity!, 1e-5);
    }

    [Fact]
    public void Codes_of_a_file_are_taken_as_they_are()
    {
        set_num_threads(1);
        byte[] file = BankPlanTests.LatentFileBytes(7, 8, 16); // W+ at 32 px
        BankSpec spec = new() { Source = BankSource.File, Validation = 2, ShardSize = 4 };

        (BankManifest manifest, byte[][] shards) = RandomBank.Prepare(spec, world.Networks, latentFile: file);
        using LatentBank bank = LatentBank.Load(manifest, shards);

        using Tensor expected = linspace(-1, 1, 7 * 8 * 16).view(7, 8, 16);
        Golden.AssertClose(expected, bank.Latents, 0);
        Assert.Equal((5, 2), (bank.TrainingCount, bank.ValidationCount));
    }

    [Fact]
    public void Codes_of_another_generator_are_refused_with_both_shapes()
    {
        byte[] file = BankPlanTests.LatentFileBytes(7, 18, 16);
        BankSpec spec = new() { Source = BankSource.File, Validation = 2, ShardSize = 4 };

        WeightsException error = Assert.Throws<WeightsException>(
            () => BankBuilder.PrepareShard(spec, world.Networks, ClipInput.Normalized, 0, file, TestContext.Current.CancellationToken));

        Assert.Contains("[7, 18, 16]", error.Message, StringComparison.Ordinal);
        Assert.Contains("[N, 8, 16]", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pack_without_an_identity_network_gives_a_bank_without_identity_features()
    {
        set_num_threads(1);
        using FrozenNetworks networks = RandomPack.Tiny(hasIdentity: false);
        using LatentBank bank = RandomBank.Load(Spec with { Count = 2, Validation = 1 }, networks);

        Assert.Null(bank.Identity);
    }
}
