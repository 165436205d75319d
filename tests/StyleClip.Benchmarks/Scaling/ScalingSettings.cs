namespace StyleClip.Benchmarks.Scaling;

/// <param name="Pack">Folder of the pack.</param>
/// <param name="Processes">Numbers of node processes, the first one to compare with.</param>
/// <param name="MicroShards">Micro-shards of the batch of 8.</param>
/// <param name="Steps">Steps of a job.</param>
/// <param name="Repeats">Measurements of each row.</param>
internal sealed record ScalingSettings(string Pack, int[] Processes, int MicroShards, int Steps, int Repeats);
