using Orleans.Concurrency;

namespace StyleClip.Cluster.Recovery;

/// <summary>Gets unfinished sweeps going again after processes were lost. There is one, key 0; every node calls it.</summary>
public interface IRecoveryGrain : IGrainWithIntegerKey
{
    /// <summary>
    /// Looks at every sweep of the store once, beginning after this call. True: all of them could be looked at; false: ask again later.
    /// Sweeps that are at work are left alone, so it does no harm to ask often.
    /// </summary>
    [AlwaysInterleave]
    [ResponseTimeout("00:05:00")]
    Task<bool> Recover(CancellationToken cancellationToken);
}
