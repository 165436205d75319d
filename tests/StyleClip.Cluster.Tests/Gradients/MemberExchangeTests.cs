using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Library;

namespace StyleClip.Cluster.Tests.Gradients;

public sealed class MemberExchangeTests
{
    private static readonly MemberIdentity Identity = new() { DeviceKind = "cpu-test", Build = "test", Pack = Digest.Of("pack"u8) };

    [Theory]
    [InlineData(1, 2, 7)]
    [InlineData(2, 4, 65_536)]
    [InlineData(3, 4, 200_001)]
    [InlineData(3, 7, 65_537)]
    [InlineData(4, 4, 5)]
    public async Task All_members_get_the_bits_of_the_tree_whatever_the_width(int width, int shards, int length)
    {
        using var table = new Table(width, shards, length);
        const int Steps = 5;

        byte[][][] totals = await table.Everywhere(member => Enumerable.Range(0, Steps).Select(step => table.Sum(member, step)).ToArray());

        for (int step = 0; step < Steps; step++)
        {
            byte[] expected = Tree([.. Enumerable.Range(0, shards).Select(shard => Values(step, shard, length))]);
            Assert.All(totals, member => Assert.Equal(expected, member[step]));
        }
    }

    [Fact]
    public async Task Packets_that_come_twice_late_or_damaged_change_nothing()
    {
        using var table = new Table(3, 4, 150_000) { IsNoisy = true };

        byte[][][] totals = await table.Everywhere(member => Enumerable.Range(0, 4).Select(step => table.Sum(member, step)).ToArray());

        Assert.All(totals, member => Assert.Equal(Tree([.. Enumerable.Range(0, 4).Select(shard => Values(3, shard, 150_000))]), member[3]));
    }

    [Fact]
    public async Task Members_behind_or_ahead_of_the_leader_take_its_state()
    {
        byte[] state = [.. Enumerable.Range(0, 600_000).Select(i => (byte)(i * 31))];
        using var table = new Table(3, 4, 10, enter: false);
        int[] steps = [7, 7, 0];

        ReadOnlyMemory<byte>?[] adopted = await table.Everywhere(member => table.Members[member].Enter(steps[member], Identity, () => state, (_, _) => { }));

        Assert.Null(adopted[0]);
        Assert.Null(adopted[1]); // it has it already
        Assert.Equal(state, adopted[2]!.Value.ToArray());
    }

    [Theory]
    [InlineData("cpu-other", "test", "its device is cpu-other, the leader's cpu-test")]
    [InlineData("cpu-test", "newer", "its build is newer, the leader's test")]
    public async Task A_member_that_differs_is_refused_and_no_step_is_made(string deviceKind, string build, string reason)
    {
        using var table = new Table(2, 4, 10, enter: false);
        var refused = new TaskCompletionSource<(int, string)>(TaskCreationOptions.RunContinuationsAsynchronously);
        MemberIdentity other = Identity with { DeviceKind = deviceKind, Build = build };
        Task entering = table.Everywhere(member => table.Members[member].Enter(0, member == 0 ? Identity : other, () => [], (index, why) => refused.TrySetResult((index, why))));

        Assert.Equal((1, reason), await refused.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        table.End();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => entering);
    }

    [Fact]
    public async Task The_end_of_the_epoch_wakes_a_member_that_waits_for_one_that_is_gone()
    {
        using var table = new Table(2, 2, 10);
        Task<byte[]> waiting = Task.Factory.StartNew(() => table.Sum(0, 0), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

        table.End();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void Packets_of_a_past_epoch_are_let_fall_and_those_of_a_coming_one_sent_again()
    {
        using var table = new Table(2, 2, 10, enter: false);
        var message = new MemberMessage(Guid.Empty, 0, 0, MemberMessageKind.Total, 1, 0, 0);

        Assert.True(table.Members[0].Take(message with { Epoch = Table.Epoch - 1 }, new byte[40]));
        Assert.False(table.Members[0].Take(message with { Epoch = Table.Epoch + 1 }, new byte[40]));
    }

    private static float[] Values(int step, int shard, int length)
    {
        var random = new Random((step * 1_000) + shard); // sums of such numbers depend on the order
        return [.. Enumerable.Range(0, length).Select(_ => (random.NextSingle() - 0.5f) * MathF.Pow(10, random.Next(-6, 6)))];
    }

    private static byte[] Tree(float[][] row)
    {
        while (row.Length > 1) row = [.. row.Chunk(2).Select(pair => pair.Length == 2 ? [.. pair[0].Zip(pair[1], (left, right) => left + right)] : pair[0])];
        return MemoryMarshal.AsBytes(row[0].AsSpan()).ToArray();
    }

    /// <summary>Members on threads of this process, joined by a link that hands packets over on the thread pool, in any order.</summary>
    private sealed class Table : IMemberLink, IDisposable
    {
        public const long Epoch = 5;

        private readonly CancellationTokenSource _ended = new();
        private readonly int _length;
        private readonly JobView _view;
        private readonly ConcurrentBag<(MemberMessage Message, byte[] Content)> _seen = [];

        public Table(int width, int shards, int length, bool enter = true)
        {
            _length = length;
            _view = new JobView(Epoch, [.. Enumerable.Range(0, width).Select(member => Samples.Lease with { Device = member, Id = Guid.NewGuid() })]);
            Members = [.. Enumerable.Range(0, width).Select(member => new MemberExchange(_view, member, shards, length * sizeof(float), this, _ended.Token))];
            if (enter) Everywhere(member => Members[member].Enter(0, Identity, () => [], (_, _) => { })).GetAwaiter().GetResult();
        }

        public MemberExchange[] Members { get; }

        public bool IsNoisy { get; init; }

        public void End() => _ended.Cancel();

        public byte[] Sum(int member, int step) => Members[member].Sum(step, (index, buffer) =>
        {
            MicroShardRun run = Members[member].OwnRuns.First(own => own.Index == index).Run;
            Tree([.. Enumerable.Range(run.Start, run.Length).Select(shard => Values(step, shard, _length))]).CopyTo(buffer, 0);
        }).ToArray();

        public Task<T[]> Everywhere<T>(Func<int, T> work) => Task.WhenAll(Enumerable.Range(0, _view.Members.Length).Select(member =>
            Task.Factory.StartNew(() => work(member), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

        public async Task Send(DeviceLease to, MemberMessage message, ReadOnlyMemory<byte> content, CancellationToken ended)
        {
            await Task.Yield();
            MemberExchange receiver = Members[_view.IndexOf(to.Id)];
            if (IsNoisy) Disturb(receiver, message, content);
            while (!receiver.Take(message, content.Span)) await Task.Delay(1, ended);
            if (IsNoisy) receiver.Take(message, content.Span);
        }

        public void Dispose()
        {
            _ended.Cancel();
            foreach (MemberExchange member in Members) member.Dispose();
            _ended.Dispose();
        }

        // Everything that was ever sent comes again, under a wrong name, too long, too short, and from an epoch before.
        private void Disturb(MemberExchange receiver, MemberMessage message, ReadOnlyMemory<byte> content)
        {
            byte[] garbage = [.. content.ToArray().Select(value => (byte)~value)];
            receiver.Take(message with { Epoch = Epoch - 1 }, garbage);
            receiver.Take(message with { Sender = 99 }, garbage);
            if (message.Kind is MemberMessageKind.Contribution or MemberMessageKind.Total)
            {
                receiver.Take(message with { Run = 77, Kind = MemberMessageKind.Contribution }, garbage);
                receiver.Take(message with { Offset = message.Offset + 4 }, garbage);
                receiver.Take(message with { Offset = -ReductionPlan.ChunkBytes }, garbage);
                receiver.Take(message, garbage.AsSpan(..^1));
                receiver.Take(message with { Step = message.Step - 1 }, garbage);
            }

            foreach ((MemberMessage seen, byte[] earlier) in _seen.Where(seen => seen.Message.To == message.To)) receiver.Take(seen, earlier);
            _seen.Add((message, content.ToArray()));
        }
    }
}
