using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cluster.Tests.Jobs;

public sealed class GateVerdictTests
{
    [Fact]
    public void A_gate_without_limits_lets_everything_through() =>
        Assert.Equal(new GateVerdict(true, null), GateVerdict.Of(new GateSpec(), Samples.Validation(gain: -1, identity: -1)));

    [Fact]
    public void Every_broken_limit_is_named_with_its_numbers()
    {
        GateVerdict verdict = GateVerdict.Of(new GateSpec { ClipGain = 0.3, IdentitySimilarity = 0.99 }, Samples.Validation(gain: 0.2, identity: 0.95));

        Assert.False(verdict.Passes);
        Assert.Contains("CLIP gain 0.2 is below 0.3", verdict.Reason, StringComparison.Ordinal);
        Assert.Contains("identity similarity 0.95 is below 0.99", verdict.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_gain_that_is_no_number_does_not_pass() =>
        Assert.False(GateVerdict.Of(new GateSpec { ClipGain = 0 }, Samples.Validation(gain: double.NaN)).Passes);

    [Fact]
    public void An_identity_floor_asks_nothing_of_a_pack_without_identity_network() =>
        Assert.True(GateVerdict.Of(new GateSpec { IdentitySimilarity = 0.9 }, Samples.Validation() with { IdentitySimilarity = null }).Passes);
}
