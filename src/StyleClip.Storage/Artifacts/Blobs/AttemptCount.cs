using Azure.Core;
using Azure.Core.Pipeline;

namespace StyleClip.Storage.Artifacts.Blobs;

/// <summary>
/// Counts how often a request was sent: the answer to a repeated one may speak of what the first did. Calls are counted between
/// <see cref="Begin"/> and the end of its scope.
/// </summary>
internal sealed class AttemptCount
{
    private const string Property = "StyleClip.AttemptCount";

    private int _attempts;

    /// <summary>True where the request was sent more than once.</summary>
    public bool WasRepeated => Volatile.Read(ref _attempts) > 1;

    /// <summary>Counts the requests of the present flow until the scope is disposed.</summary>
    public IDisposable Begin() => HttpPipeline.CreateHttpMessagePropertiesScope(new Dictionary<string, object?> { [Property] = this });

    /// <summary>The part of the pipeline that counts; it belongs behind the retries.</summary>
    public sealed class Policy : HttpPipelineSynchronousPolicy
    {
        public override void OnSendingRequest(HttpMessage message)
        {
            if (message.TryGetProperty(Property, out object? value) && value is AttemptCount count) Interlocked.Increment(ref count._attempts);
        }
    }
}
