using Azure;
using Azure.Identity;
using Azure.Storage.Blobs.Models;

namespace StyleClip.Storage.Artifacts.Blobs;

/// <summary>
/// What goes wrong between us and a blob service, as <see cref="IOException"/>. The service's own texts are left out: they quote requests,
/// with their signatures.
/// </summary>
internal sealed class BlobErrors(string location)
{
    /// <summary>True for the answer to a conditional write or delete whose condition does not hold.</summary>
    public static bool IsConflict(RequestFailedException failed) =>
        (failed.Status == 412 && failed.ErrorCode == BlobErrorCode.ConditionNotMet)
        || (failed.Status == 409 && failed.ErrorCode == BlobErrorCode.BlobAlreadyExists);

    /// <summary>True where there is no such blob, also for want of the container.</summary>
    public static bool IsMissing(RequestFailedException failed) => failed.Status == 404;

    /// <summary>Runs a call; what the service or the way to it does wrong becomes an <see cref="IOException"/>.</summary>
    /// <param name="operation">What is done, after "could not".</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">The token of the call: its cancellation is not an error of the store.</param>
    public async Task<T> Guard<T>(string operation, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsBackEnd(exception, cancellationToken))
        {
            throw Translate(operation, exception);
        }
    }

    /// <summary>True where <paramref name="exception"/> is the service's or the network's fault.</summary>
    public static bool IsBackEnd(Exception exception, CancellationToken cancellationToken) => exception switch
    {
        ArtifactMissingException or ArtifactCorruptException => false,
        OperationCanceledException => !cancellationToken.IsCancellationRequested, // the pipeline's own timeout
        RequestFailedException or AggregateException or AuthenticationFailedException or HttpRequestException or IOException => true,
        _ => false,
    };

    /// <summary>The error that callers see.</summary>
    public IOException Translate(string operation, Exception exception)
    {
        // Several failed attempts come as one exception; the last says how things stand.
        Exception last = exception is AggregateException several ? several.Flatten().InnerExceptions[^1] : exception;
        if (last is RequestFailedException { Status: not 0 } failed)
            return new IOException($"The store at {location} could not {operation}: it answered {failed.Status}{(failed.ErrorCode is { } code ? $" ({code})" : "")}.");
        if (last is AuthenticationFailedException refused)
            return new IOException($"The store at {location} could not {operation}: {refused.Message.Split('\n')[0].Trim()}");
        if (last is OperationCanceledException)
            return new IOException($"The store at {location} could not {operation}: it did not answer in time.");
        Exception cause = last.GetBaseException();
        return new IOException($"The store at {location} could not {operation}: {cause.Message.TrimEnd('.')}.", cause);
    }
}
