using System.Text.RegularExpressions;
using Azure.Identity;

namespace StyleClip.Storage.Artifacts;

/// <summary>Opens the store that a user named.</summary>
public static partial class ArtifactStores
{
    /// <summary>The environment variable with the account of <c>azure://CONTAINER</c>.</summary>
    public const string ConnectionStringVariable = "AZURE_STORAGE_CONNECTION_STRING";

    private const string ContainerScheme = "azure://";
    private const string Rule =
        $"a folder, {ContainerScheme}CONTAINER with the account's connection string in {ConnectionStringVariable}, "
        + "or https://ACCOUNT.blob.core.windows.net/CONTAINER";

    /// <summary>Opens the store at <paramref name="location"/>. A folder is made where there is none; a container by the first write.</summary>
    /// <param name="location">
    /// A folder; <c>azure://CONTAINER</c> with the account in <see cref="ConnectionStringVariable"/>; or a container's address,
    /// <c>https://ACCOUNT.blob.core.windows.net/CONTAINER</c>, with the credential that the machine has (environment, managed identity, or
    /// a developer's sign-in).
    /// </param>
    /// <exception cref="ArgumentException">It is none of these; the message says the rule.</exception>
    public static IArtifactStore Open(string location)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(location);
        if (location.StartsWith(ContainerScheme, StringComparison.Ordinal)) return OpenContainer(location);
        if (location.StartsWith("https://", StringComparison.Ordinal)) return OpenAddress(location);
        return IsFolder(location) ? new DirectoryArtifactStore(location) : throw Refuse(location, $"it must be {Rule}");
    }

    /// <summary>True where <paramref name="location"/> is a folder of this machine.</summary>
    public static bool IsFolder(string location) => !location.Contains("://", StringComparison.Ordinal);

    /// <summary>
    /// Where copies of what a store holds may lie on this machine: in the store where it is a folder, else in the user's own cache. May be
    /// emptied while nothing runs.
    /// </summary>
    public static string CacheFolder(string location) => IsFolder(location)
        ? Path.Combine(Path.GetFullPath(location), "cache")
        : Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData, Environment.SpecialFolderOption.DoNotVerify), "styleclip", "cache");

    private static AzureBlobArtifactStore OpenContainer(string location)
    {
        string container = location[ContainerScheme.Length..];
        RequireContainer(location, container);
        string connection = Environment.GetEnvironmentVariable(ConnectionStringVariable) is { Length: > 0 } given
            ? given
            : throw Refuse(location, $"the environment variable {ConnectionStringVariable} must hold the account's connection string; it is not set");
        try
        {
            return AzureBlobArtifactStore.FromConnectionString(connection, container);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException or InvalidOperationException)
        {
            // Not as an inner exception: it may quote the string, which holds a key.
            throw Refuse(location, $"the environment variable {ConnectionStringVariable} must hold a connection string of Azure Storage; what it holds is none");
        }
    }

    private static AzureBlobArtifactStore OpenAddress(string location)
    {
        if (!Uri.TryCreate(location, UriKind.Absolute, out Uri? address)) throw Refuse(location, $"it must be {Rule}");
        string shown = address.GetLeftPart(UriPartial.Path);
        if (address.Query.Length > 0 || address.UserInfo.Length > 0)
            throw Refuse(shown, "it must be without a signature: the credential is the machine's own");
        RequireContainer(shown, address.AbsolutePath.Trim('/'));
        return AzureBlobArtifactStore.FromUri(address, new DefaultAzureCredential());
    }

    private static void RequireContainer(string location, string container)
    {
        if (!ContainerName().IsMatch(container))
            throw Refuse(location, $"the container is '{container}'; a container's name has 3 to 63 of a-z, 0-9 and single '-' between them");
    }

    private static ArgumentException Refuse(string location, string reason) => new($"The store is '{location}': {reason}.");

    [GeneratedRegex("^(?=.{3,63}$)[a-z0-9]+(-[a-z0-9]+)*$")]
    private static partial Regex ContainerName();
}
