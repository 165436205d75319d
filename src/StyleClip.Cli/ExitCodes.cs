namespace StyleClip.Cli;

/// <summary>What the program's exit status means.</summary>
internal static class ExitCodes
{
    /// <summary>Every job succeeded.</summary>
    public const int Success = 0;

    /// <summary>The sweep has ended and some job did not succeed.</summary>
    public const int JobsDidNotSucceed = 1;

    /// <summary>What was asked for cannot be done as it was written: arguments, sweep spec, pack, store.</summary>
    public const int BadInput = 2;

    /// <summary>A node ended without having handed its work back; starting it again is right.</summary>
    public const int NodeFailed = 1;

    /// <summary>The gateway, the cluster or the store did not answer; the same command may work later.</summary>
    public const int Unavailable = 3;

    /// <summary>Paused by Ctrl-C or a termination signal; the same command goes on. 128 + SIGINT, as shells expect.</summary>
    public const int Paused = 130;

    /// <summary>Ended early by Ctrl-C or a termination signal; what there was by then is written. As <see cref="Paused"/>, but nothing goes on.</summary>
    public const int Interrupted = 130;
}
