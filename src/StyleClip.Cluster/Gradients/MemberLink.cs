using Microsoft.Extensions.Logging;
using StyleClip.Cluster.Jobs;

namespace StyleClip.Cluster.Gradients;

/// <summary>Packets as grain calls, repeated until they are taken.</summary>
internal sealed partial class MemberLink(IGrainFactory grains, TimeProvider time, ILogger<MemberLink> logger) : IMemberLink
{
    /// <summary>Time until a packet that was not taken is sent again. A member enters an epoch milliseconds after the others.</summary>
    private static readonly TimeSpan RetryPeriod = TimeSpan.FromMilliseconds(20);

    public async Task Send(DeviceLease to, MemberMessage message, ReadOnlyMemory<byte> content, CancellationToken ended)
    {
        IMemberGrain member = grains.GetGrain<IMemberGrain>(to.Node);
        while (true)
        {
            ended.ThrowIfCancellationRequested();
            try
            {
                // The call itself is not cancelled: that would cost a message of its own, and nobody waits for it any more.
                if (await member.Deliver(message, new GradientPacket(content), CancellationToken.None).WaitAsync(ended)) return;
            }
            catch (Exception exception) when (exception is OrleansException or TimeoutException)
            {
                LogUndelivered(exception, message.Kind, to);
            }

            await Task.Delay(RetryPeriod, time, ended);
        }
    }

    [LoggerMessage(LogLevel.Debug, "{Kind} could not be delivered to {Member}; it will be sent again")]
    private partial void LogUndelivered(Exception exception, MemberMessageKind kind, DeviceLease member);
}
