using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using StyleClip.Contracts.Library;

namespace StyleClip.Gateway.Security;

/// <summary>
/// Tells valid keys from others, against a copy of the key list that is seconds old. While the store does not answer, the last copy
/// stands: an outage of the store must not lock operators out.
/// </summary>
internal sealed partial class ApiKeyCheck(ApiKeyBook book, TimeProvider time, ILogger<ApiKeyCheck> logger) : IDisposable
{
    /// <summary>Longest time that a revoked key still passes.</summary>
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    /// <summary>A key that the copy does not know may be new: the list is read again, but not for each of a thousand guesses.</summary>
    private static readonly TimeSpan MinAge = TimeSpan.FromSeconds(1);

    // Compared where no key has the prefix, so that the answer takes as long.
    private static readonly Digest NoHash = Digest.Of("no key"u8);

    private readonly SemaphoreSlim _reading = new(1);
    private IReadOnlyList<ApiKey> _keys = [];
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;

    /// <summary>The key of this text; null where it is not one that is valid now.</summary>
    public async Task<ApiKey?> Find(string text, CancellationToken cancellationToken)
    {
        string? prefix = ApiKeyText.Prefix(text);
        if (prefix is null) return null;
        await Refresh(MaxAge, cancellationToken).ConfigureAwait(false);
        if (WithPrefix(prefix) is null) await Refresh(MinAge, cancellationToken).ConfigureAwait(false);

        ApiKey? key = WithPrefix(prefix);
        Digest hash = ApiKeyBook.HashOf(text);
        bool isSecret = CryptographicOperations.FixedTimeEquals(Convert.FromHexString(hash.Hex), Convert.FromHexString((key?.Hash ?? NoHash).Hex));
        if (key is not null && isSecret && key.IsValid(time.GetUtcNow())) return key;
        LogRefused(prefix, key is null ? "unknown" : !isSecret ? "wrong" : key.Revoked is not null ? "revoked" : "expired");
        return null;
    }

    public void Dispose() => _reading.Dispose();

    private ApiKey? WithPrefix(string prefix) => _keys.FirstOrDefault(key => key.Prefix == prefix);

    private async Task Refresh(TimeSpan age, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - _readAt < age) return;
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (time.GetUtcNow() - _readAt < age) return;
            _keys = await book.List(cancellationToken).ConfigureAwait(false);
            _readAt = time.GetUtcNow();
        }
        catch (IOException exception) when (_readAt != DateTimeOffset.MinValue)
        {
            LogStale(_readAt, exception);
        }
        finally
        {
            _reading.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "API key {Prefix} was refused: {Reason}")]
    private partial void LogRefused(string prefix, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The API keys cannot be read; those of {ReadAt} stand")]
    private partial void LogStale(DateTimeOffset readAt, Exception exception);
}
