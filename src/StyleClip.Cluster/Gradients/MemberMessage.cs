namespace StyleClip.Cluster.Gradients;

/// <summary>What a packet between two members is.</summary>
public enum MemberMessageKind
{
    /// <summary>A follower tells the leader its step and its <see cref="MemberIdentity"/>.</summary>
    Hello,

    /// <summary>The leader tells a follower its step, and how many bytes of state it will send.</summary>
    Welcome,

    /// <summary>A part of the leader's state.</summary>
    State,

    /// <summary>A chunk of a member's run of micro-shards, to the chunk's owner.</summary>
    Contribution,

    /// <summary>A chunk of the total, from its owner.</summary>
    Total,
}

/// <summary>The head of a packet between two members of a wide job.</summary>
/// <param name="To">The receiver's lease.</param>
/// <param name="Epoch">Epoch of the job. Packets of another epoch than the receiver's change nothing.</param>
/// <param name="Step">Updates done before.</param>
/// <param name="Kind">What the packet is.</param>
/// <param name="Sender">Index of the sender among the members.</param>
/// <param name="Run">Index of the run in the plan, for a contribution.</param>
/// <param name="Offset">First byte, in the vector or in the state; for a welcome the length of the state.</param>
[GenerateSerializer, Immutable]
public readonly record struct MemberMessage(
    [property: Id(0)] Guid To,
    [property: Id(1)] long Epoch,
    [property: Id(2)] int Step,
    [property: Id(3)] MemberMessageKind Kind,
    [property: Id(4)] int Sender,
    [property: Id(5)] int Run,
    [property: Id(6)] int Offset);
