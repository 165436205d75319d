using System;
using System.IO;
using Microsoft.Build.Framework;
using Microsoft.Build.Utilities;

/// <summary>
/// Writes a copy of an ELF64 shared object in which one required symbol version is weak, so that a loader whose libraries lack
/// that version accepts the file. Only sound where no symbol of that version is ever bound: see Torch.targets.
/// </summary>
public sealed class WeakenElfVersion : Task
{
    private const uint SectionVersionNeed = 0x6ffffffe; // SHT_GNU_verneed
    private const byte WeakFlag = 2;                    // VER_FLG_WEAK

    [Required] public string Source { get; set; }
    [Required] public string Destination { get; set; }
    [Required] public string Version { get; set; }

    public override bool Execute()
    {
        byte[] file = File.ReadAllBytes(Source);
        if (file.Length < 64 || BitConverter.ToUInt32(file, 0) != 0x464c457f || file[4] != 2)
        {
            Log.LogError("{0} is not an ELF64 file.", Source);
            return false;
        }

        int hits = Weaken(file, Hash(Version));
        if (hits > 1)
        {
            Log.LogError("{0} asks for {1} {2} times; at most once was expected.", Source, Version, hits);
            return false;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(Destination));
        string partial = Destination + ".partial";
        File.WriteAllBytes(partial, file);
        File.Move(partial, Destination);
        return true;
    }

    private static int Weaken(byte[] file, uint versionHash)
    {
        long headers = BitConverter.ToInt64(file, 0x28);
        int headerSize = BitConverter.ToUInt16(file, 0x3A), headerCount = BitConverter.ToUInt16(file, 0x3C), hits = 0;
        for (int i = 0; i < headerCount; i++)
        {
            int section = (int)(headers + i * headerSize);
            if (BitConverter.ToUInt32(file, section + 4) != SectionVersionNeed) continue;
            int need = (int)BitConverter.ToInt64(file, section + 0x18);
            for (int nextNeed = -1; nextNeed != 0; need += nextNeed)
            {
                int aux = need + (int)BitConverter.ToUInt32(file, need + 8);
                for (int nextAux = -1; nextAux != 0; aux += nextAux)
                {
                    if (BitConverter.ToUInt32(file, aux) == versionHash)
                    {
                        file[aux + 4] |= WeakFlag;
                        hits++;
                    }

                    nextAux = (int)BitConverter.ToUInt32(file, aux + 12);
                }

                nextNeed = (int)BitConverter.ToUInt32(file, need + 12);
            }
        }

        return hits;
    }

    private static uint Hash(string name)
    {
        uint hash = 0;
        foreach (char c in name)
        {
            hash = (hash << 4) + (byte)c;
            uint high = hash & 0xf0000000;
            if (high != 0) hash ^= high >> 24;
            hash &= ~high;
        }

        return hash;
    }
}
