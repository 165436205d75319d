namespace StyleClip.Benchmarks;

/// <summary>What to measure on.</summary>
/// <param name="Pack">Folder of a pack; null for random networks of the demo pack's sizes.</param>
/// <param name="Batch">Latents per step.</param>
/// <param name="Threads">Intra-op threads.</param>
/// <param name="Steps">Steps to run.</param>
internal sealed record BenchmarkSettings(string? Pack, int Batch, int Threads, int Steps);
