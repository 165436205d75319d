namespace StyleClip.DemoWorld.Stages;

/// <summary>What a build is made from. Every stage depends on these and on files of earlier stages alone.</summary>
internal sealed record BuildOptions
{
    public long Seed { get; init; } = 1;

    /// <summary>Where stages leave their results for later ones.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>Factor on the steps of every training: 1 for a pack, less for a trial of the machinery.</summary>
    public double Effort { get; init; } = 1;

    /// <summary>Side of the pictures, a power of two.</summary>
    public int Size { get; init; } = 64;

    public int Steps(int full) => Math.Max(1, (int)Math.Round(full * Effort));

    public string PathOf(string file) => Path.Combine(WorkDirectory, file);
}
