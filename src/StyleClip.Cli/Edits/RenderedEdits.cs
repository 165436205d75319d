namespace StyleClip.Cli.Edits;

/// <summary>What came of edits of latents.</summary>
/// <param name="Latents">Number of latents.</param>
/// <param name="Strip">The strip, PNG.</param>
/// <param name="Pictures">Paths of the pictures that were written by themselves; empty where a strip alone was asked for.</param>
/// <param name="Time">Edits, synthesis and rounding to pixels; no reading and no writing.</param>
internal sealed record RenderedEdits(int Latents, byte[] Strip, IReadOnlyList<string> Pictures, TimeSpan Time);
