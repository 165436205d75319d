namespace StyleClip.Models.Tests.Weights;

/// <summary>Damages the bytes of a file the way disks, transfers and hostile hands do.</summary>
internal static class Mutation
{
    public static byte[] Of(byte[] original, Random random)
    {
        byte[] bytes = [.. original];
        for (int edits = random.Next(1, 5); edits > 0 && bytes.Length > 0; edits--)
        {
            int at = random.Next(bytes.Length);
            int length = Math.Min(random.Next(1, 9), bytes.Length - at);
            switch (random.Next(6))
            {
                case 0: bytes[at] ^= (byte)(1 << random.Next(8)); break;
                case 1: bytes[at] = (byte)random.Next(256); break;
                case 2: bytes.AsSpan(at, length).Fill(random.Next(2) == 0 ? (byte)0 : (byte)0xFF); break;
                case 3: bytes = [.. bytes.AsSpan(0, at), .. bytes.AsSpan(at + length)]; break;
                case 4: bytes = [.. bytes.AsSpan(0, at + length), .. bytes.AsSpan(at)]; break;
                default: if (random.Next(8) == 0) bytes = bytes[..at]; else bytes[at] = bytes[random.Next(bytes.Length)]; break;
            }
        }

        return bytes;
    }
}
