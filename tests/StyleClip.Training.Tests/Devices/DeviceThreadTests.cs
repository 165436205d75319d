using StyleClip.Training.Devices;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Devices;

public sealed class DeviceThreadTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task All_work_runs_on_one_thread_in_order()
    {
        await using DeviceThread device = new("cpu-0");
        List<int> order = [];

        int[] threads = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => device.Invoke(
            () =>
            {
                order.Add(i);
                return Environment.CurrentManagedThreadId;
            },
            Token)));

        Assert.Single(threads.Distinct());
        Assert.Equal(30, order.Count);
        Assert.Equal(Enumerable.Range(0, 16), order.Take(16)); // those that found a place at once
    }

    [Fact]
    public async Task The_thread_has_its_number_of_intra_op_threads()
    {
        await using DeviceThread device = new("cpu-0", intraOpThreads: 1);

        Assert.Equal(1, await device.Invoke(get_num_threads, Token));
    }

    [Fact]
    public async Task An_exception_reaches_the_caller_and_the_thread_goes_on()
    {
        await using DeviceThread device = new("cpu-0");

        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            () => device.Invoke<int>(() => throw new InvalidOperationException("no such weight"), Token));

        Assert.Equal("no such weight", error.Message);
        Assert.Equal(3, await device.Invoke(() => 3, Token));
    }

    [Fact]
    public async Task Work_that_has_not_begun_can_be_taken_back()
    {
        await using DeviceThread device = new("cpu-0");
        using ManualResetEventSlim release = new();
        using CancellationTokenSource cancel = new();
        Task<bool> busy = device.Invoke(() => release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None), Token);
        bool ran = false;
        Task<bool> waiting = device.Invoke(() => ran = true, cancel.Token);

        await cancel.CancelAsync();
        release.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.True(await busy);
        Assert.False(ran);
    }

    [Fact]
    public async Task The_queue_is_bounded()
    {
        await using DeviceThread device = new("cpu-0", capacity: 1);
        using ManualResetEventSlim release = new();
        Task<bool> busy = device.Invoke(() => release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None), Token);
        using CancellationTokenSource cancel = new();
        Task<int> refused = device.Invoke(() => 1, cancel.Token);

        await cancel.CancelAsync(); // still waiting for a place, so it ends at once

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => refused);
        release.Set();
        Assert.True(await busy);
    }

    [Fact]
    public async Task Disposal_waits_for_running_work_and_refuses_the_rest()
    {
        DeviceThread device = new("cpu-0");
        using ManualResetEventSlim release = new();
        using ManualResetEventSlim begun = new();
        Task<bool> busy = device.Invoke(
            () =>
            {
                begun.Set();
                return release.Wait(TimeSpan.FromSeconds(30), CancellationToken.None);
            },
            Token);
        Task<int> queued = device.Invoke(() => 1, Token);
        Assert.True(begun.Wait(TimeSpan.FromSeconds(30), Token));

        ValueTask disposal = device.DisposeAsync();
        Assert.False(disposal.IsCompleted);
        release.Set();
        await disposal;

        Assert.True(await busy);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => queued);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => device.Invoke(() => 1, Token));
    }
}
