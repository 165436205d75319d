using System.Diagnostics.CodeAnalysis;

namespace StyleClip.Training.Strips;

/// <summary>Faces beside each other, as 8-bit pixels.</summary>
/// <param name="Size">Side of a face, pixels.</param>
/// <param name="Faces">Number of faces.</param>
/// <param name="Pixels">Red, green and blue of every pixel, row by row, face by face.</param>
[SuppressMessage("Performance", "CA1819", Justification = "raw pixels, handed to the encoder")]
public sealed record StripRow(int Size, int Faces, byte[] Pixels);
