using StyleClip.Contracts.Latents;
using StyleClip.Models.Weights;
using StyleClip.Training.Latents;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Latents;

public sealed class BankPlanTests
{
    [Fact]
    public void Shards_cover_the_bank_and_the_last_one_is_shorter()
    {
        BankPlan plan = BankPlan.Of(new() { Count = 20, Validation = 6, ShardSize = 8 });

        Assert.Equal([(0, 8), (8, 8), (16, 8), (24, 2)], Enumerable.Range(0, plan.ShardCount).Select(plan.Range));
    }

    [Fact]
    public void A_sampled_bank_without_a_number_has_the_default_one() =>
        Assert.Equal(BankSpec.SampledCount, BankPlan.Of(new()).TrainingCount);

    [Fact]
    public void A_file_without_a_number_trains_on_all_but_the_held_out_latents()
    {
        BankPlan plan = BankPlan.Of(new() { Source = BankSource.File, Validation = 3 }, LatentFileBytes(10));

        Assert.Equal((7, 3), (plan.TrainingCount, plan.ValidationCount));
    }

    [Fact]
    public void A_file_that_is_too_short_is_refused_with_the_numbers()
    {
        WeightsException error = Assert.Throws<WeightsException>(
            () => BankPlan.Of(new() { Source = BankSource.File, Count = 9, Validation = 3 }, LatentFileBytes(10)));

        Assert.Contains("has 10 latents", error.Message, StringComparison.Ordinal);
        Assert.Contains("9 or more", error.Message, StringComparison.Ordinal);
    }

    internal static byte[] LatentFileBytes(params long[] shape)
    {
        using DisposeScope scope = NewDisposeScope();
        long[] full = shape.Length == 1 ? [shape[0], 16] : shape;
        Tensor latents = linspace(-1, 1, full.Aggregate(1L, (product, size) => product * size)).view(full);
        return SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["latents"] = latents });
    }
}
