using System.Collections.Immutable;

namespace StyleClip.Contracts.Packs;

/// <summary>Checks a manifest by itself, before any weight file is read.</summary>
public static class PackValidator
{
    /// <summary>Every rule that the manifest breaks, each as path, value and rule; empty for a valid manifest.</summary>
    /// <param name="manifest">The manifest.</param>
    public static ImmutableArray<string> Validate(PackManifest manifest)
    {
        ArgumentNullException.ThrowIfNull(manifest);
        var problems = ImmutableArray.CreateBuilder<string>();
        Require(manifest.Format == PackManifest.CurrentFormat, $"format is {manifest.Format}; this build reads {PackManifest.CurrentFormat}");
        Require(manifest.Name.Length is > 0 and <= 64 && manifest.Name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'),
            $"name is '{manifest.Name}'; it must be 1 to 64 of a-z, 0-9 and '-'");
        Require(manifest.Truncation is > 0 and <= 1, $"truncation is {manifest.Truncation}; it must be greater than 0 and at most 1");
        Require(manifest.LatentAverage.Length == manifest.Generator.StyleDim,
            $"latentAverage has {manifest.LatentAverage.Length} numbers; generator.styleDim is {manifest.Generator.StyleDim}");
        Require(manifest.LatentAverage.All(float.IsFinite), "latentAverage has a number that is not finite");
        ValidateFiles();
        bool hasWords = !manifest.Tokenizer.Words.IsDefaultOrEmpty;
        Require(hasWords == (manifest.Tokenizer.Kind == PackTokenizerKind.Words), "tokenizer.words must be given for kind words, and for no other");
        if (manifest.Identity is { } identity)
            Require(identity.InputSize == identity.Crop.OutputSize, $"identity.inputSize is {identity.InputSize}; identity.crop.outputSize is {identity.Crop.OutputSize}");
        if (manifest.Attributes is { } attributes) problems.AddRange(PackAttributeRules.Validate(attributes));
        if (manifest.Perceptual is { } perceptual) problems.AddRange(PackPerceptualRules.Validate(perceptual));
        return problems.ToImmutable();

        void ValidateFiles()
        {
            (string Role, bool IsThere)[] networks =
            [
                (PackRoles.Attributes, manifest.Attributes is not null), (PackRoles.Clip, true), (PackRoles.Generator, true),
                (PackRoles.Identity, manifest.Identity is not null), (PackRoles.Perceptual, manifest.Perceptual is not null),
            ];
            string[] roles = [.. networks.Where(network => network.IsThere).Select(network => network.Role)];
            Require(manifest.Files.Keys.Order(StringComparer.Ordinal).SequenceEqual(roles),
                $"files has the roles {string.Join(", ", manifest.Files.Keys)}; it must have {string.Join(", ", roles)}");
            foreach ((string role, PackFile file) in manifest.Files)
            {
                bool plain = file.Path.Length is > 0 and <= 128 && file.Path[0] != '.'
                    && file.Path.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');
                Require(plain, $"files.{role}.path is '{file.Path}'; it must be a plain file name");
                Require(file.SizeBytes > 0, $"files.{role}.sizeBytes is {file.SizeBytes}; it must be greater than 0");
            }
        }

        void Require(bool holds, string problem)
        {
            if (!holds) problems.Add(problem);
        }
    }
}
