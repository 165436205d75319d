using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Sweeps;
using StyleClip.Training.Mapping;

namespace StyleClip.Training.Tests.Mapping;

public sealed class BestChoiceTests
{
    private static readonly GateSpec Floor = new() { IdentitySimilarity = 0.9 };

    [Fact]
    public void The_first_is_the_best() => Assert.True(BestChoice.IsBetter(Report(0.1, 0.2), null, Floor));

    [Fact]
    public void Among_those_that_hold_the_floor_the_gain_decides()
    {
        Assert.True(BestChoice.IsBetter(Report(0.2, 0.91), Report(0.1, 0.99), Floor));
        Assert.False(BestChoice.IsBetter(Report(0.1, 0.99), Report(0.2, 0.91), Floor));
    }

    [Fact]
    public void Holding_the_floor_beats_any_gain()
    {
        Assert.True(BestChoice.IsBetter(Report(0.01, 0.9), Report(0.5, 0.89), Floor));
        Assert.False(BestChoice.IsBetter(Report(0.5, 0.89), Report(0.01, 0.9), Floor));
    }

    [Fact]
    public void Where_none_holds_the_floor_the_nearest_is_kept()
    {
        Assert.True(BestChoice.IsBetter(Report(0.1, 0.8), Report(0.5, 0.7), Floor));
        Assert.False(BestChoice.IsBetter(Report(0.5, 0.7), Report(0.1, 0.8), Floor));
    }

    [Fact]
    public void The_earlier_stays_at_a_tie() => Assert.False(BestChoice.IsBetter(Report(0.2, 0.95), Report(0.2, 0.95), Floor));

    [Fact]
    public void Without_a_floor_or_an_identity_network_the_gain_decides()
    {
        Assert.True(BestChoice.IsBetter(Report(0.2, 0.1), Report(0.1, 0.9), new GateSpec()));
        Assert.True(BestChoice.IsBetter(Report(0.2, null), Report(0.1, null), Floor));
    }

    private static ValidationReport Report(double gain, double? identity) => new()
    {
        Step = 1,
        ClipLoss = 0,
        LatentL2Loss = 0,
        Objective = 0,
        SourceSimilarity = 0,
        EditedSimilarity = gain,
        IdentitySimilarity = identity,
        LatentShiftNorm = 0,
    };
}
