using System.Collections.Immutable;
using System.Security.Cryptography;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Weights;

namespace StyleClip.Models.Packs.Import;

/// <summary>Makes a pack's folder of published weight files.</summary>
public static class PackImporter
{
    private const string SourceTerms = "The terms of the networks' sources apply; they are not recorded in the files. OpenAI's CLIP is under the MIT licence.";

    /// <summary>Reads, checks and translates the files, and writes the pack. What two of them have wrong is said together.</summary>
    /// <param name="import">What to import.</param>
    /// <param name="directory">The pack's folder; created if it does not exist. The manifest is written last.</param>
    /// <returns>The manifest.</returns>
    /// <exception cref="WeightsException">A file is damaged, holds something else, or lacks keys; the message lists everything.</exception>
    public static PackManifest Write(PackImport import, string directory)
    {
        ArgumentNullException.ThrowIfNull(import);
        List<string> faults = [];
        Directory.CreateDirectory(directory);
        ImportedGenerator? generator = Try(() => ImportedGenerator.Write(import.Generator, Target(directory, PackRoles.Generator), import.Seed));
        ImportedClip? clip = Try(() => ImportedClip.Write(import.Clip, Target(directory, PackRoles.Clip)));
        ImportedIdentity? identity = import.Identity is { } file ? Try(() => ImportedIdentity.Write(file, Target(directory, PackRoles.Identity))) : null;
        ImportedPerceptual? perceptual = import.Perceptual is { } vgg ? Try(() => ImportedPerceptual.Write(vgg, Target(directory, PackRoles.Perceptual), import.PerceptualInput)) : null;
        if (generator is null || clip is null || faults.Count > 0) throw new WeightsException(string.Join(Environment.NewLine, faults));

        var origins = ImmutableSortedDictionary.CreateBuilder<string, FileOrigin>(StringComparer.Ordinal);
        origins.Add(PackRoles.Generator, generator.Origin);
        origins.Add(PackRoles.Clip, clip.Origin);
        if (identity is not null) origins.Add(PackRoles.Identity, identity.Origin);
        if (perceptual is not null) origins.Add(PackRoles.Perceptual, perceptual.Origin);
        PackManifest manifest = new()
        {
            Name = import.Name,
            Description = import.Description,
            Licence = import.Licence ?? SourceTerms,
            Files = origins.Keys.ToImmutableSortedDictionary(role => role, role => Describe(Target(directory, role)), StringComparer.Ordinal),
            Generator = PackShapes.Shape(generator.Spec),
            Clip = PackShapes.Shape(clip.Spec),
            Tokenizer = new() { Kind = PackTokenizerKind.Clip },
            Identity = identity is null ? null : PackShapes.Shape(identity.Spec, identity.Crop),
            Perceptual = perceptual?.Spec,
            LatentAverage = generator.LatentAverage,
            Truncation = import.Truncation,
            Origins = origins.ToImmutable(),
        };
        ImmutableArray<string> problems = PackValidator.Validate(manifest);
        if (problems.Length > 0) throw new WeightsException($"The pack cannot be made: {string.Join("; ", problems)}.");
        File.WriteAllBytes(Path.Combine(directory, PackManifest.FileName), ContractJson.ToBytes(manifest));
        return manifest;

        T? Try<T>(Func<T> write)
            where T : class
        {
            try
            {
                return write();
            }
            catch (WeightsException fault)
            {
                faults.Add(fault.Message);
                return null;
            }
        }
    }

    /// <summary>Describes a file that was imported.</summary>
    /// <param name="path">The file.</param>
    /// <param name="format">What its bytes were recognised as.</param>
    /// <param name="notes">What was done to its contents.</param>
    public static FileOrigin Origin(string path, string format, ImmutableArray<string> notes)
    {
        PackFile file = Describe(path);
        return new FileOrigin
        {
            File = Path.GetFileName(path),
            Digest = file.Digest,
            SizeBytes = file.SizeBytes,
            Format = format,
            Published = PublishedFiles.Find(file.Digest),
            Notes = notes,
        };
    }

    private static string Target(string directory, string role) => Path.Combine(directory, role + ".safetensors");

    private static PackFile Describe(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return new PackFile(Path.GetFileName(path), Digest.FromHash(SHA256.HashData(stream)), stream.Length);
    }
}
