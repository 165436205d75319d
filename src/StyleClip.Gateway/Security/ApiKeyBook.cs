using System.Text;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Gateway.Security;

/// <summary>The API keys of a cluster, in one document of its store. Who can write the store can make keys: there is no first key to ship.</summary>
public sealed class ApiKeyBook(IArtifactStore store, TimeProvider time)
{
    private const string Document = "gateway/api-keys.json";

    /// <summary>Makes a key.</summary>
    /// <returns>The key as it is kept, and its text, which is not kept: it can be shown only now.</returns>
    public async Task<(ApiKey Key, string Text)> Create(string name, ApiRole role, TimeSpan? lifetime, CancellationToken cancellationToken)
    {
        string text = ApiKeyText.New();
        DateTimeOffset now = time.GetUtcNow();
        var key = new ApiKey
        {
            Prefix = ApiKeyText.Prefix(text)!,
            Name = name,
            Role = role,
            Hash = HashOf(text),
            Created = now,
            Expires = now + lifetime,
        };
        await store.UpdateDocument<ApiKeyList>(Document, list => new ApiKeyList { Keys = [.. list?.Keys ?? [], key] }, cancellationToken).ConfigureAwait(false);
        return (key, text);
    }

    /// <summary>Every key, revoked and expired ones included, in the order in which they were made.</summary>
    public async Task<IReadOnlyList<ApiKey>> List(CancellationToken cancellationToken) =>
        (await store.ReadDocument<ApiKeyList>(Document, cancellationToken).ConfigureAwait(false))?.Keys ?? [];

    /// <summary>Lets a key no longer be valid; false where there is no such key. Gateways learn of it within seconds.</summary>
    public async Task<bool> Revoke(string prefix, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        ApiKeyList list = await store.UpdateDocument<ApiKeyList>(
            Document,
            seen => seen is not null && seen.Keys.Any(key => key.Prefix == prefix && key.Revoked is null)
                ? seen with { Keys = [.. seen.Keys.Select(key => key.Prefix == prefix ? key with { Revoked = key.Revoked ?? now } : key)] }
                : seen ?? new ApiKeyList(),
            cancellationToken).ConfigureAwait(false);
        return list.Keys.Any(key => key.Prefix == prefix);
    }

    internal static Digest HashOf(string text) => Digest.Of(Encoding.UTF8.GetBytes(text));
}
