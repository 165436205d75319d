using System.CommandLine;
using System.Globalization;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<string> Store() => new("--store")
    {
        Description = $"The artifact store: a folder, azure://CONTAINER (account in {ArtifactStores.ConnectionStringVariable}) or https://ACCOUNT.blob.core.windows.net/CONTAINER.",
        DefaultValueFactory = _ => Path.Combine(".styleclip", "store"),
    };

    public static Option<FileInfo> RequiredFile(string name, string description) => new(name) { Description = description, Required = true };

    public static Option<FileInfo?> File(string name, string description) => new(name) { Description = description };

    public static Option<string?> Text(string name, string description) => new(name) { Description = description };

    /// <summary>Lets an option's number pass where <paramref name="isValid"/> says so, and be finite.</summary>
    public static void RequireNumber<T>(Option<T> option, Func<double, bool> isValid, string rule) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && double.TryParse(token.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && !(double.IsFinite(value) && isValid(value)))
            result.AddError($"{option.Name} is {token.Value}; it must be {rule}.");
    });

    /// <summary>Lets an option's number lie between two others, both included.</summary>
    public static void RequireRange<T>(Option<T> option, int least, int most) => option.Validators.Add(result =>
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, out int value) && (value < least || value > most))
            result.AddError($"{option.Name} is {value}; it must be {least} to {most}.");
    });
}
