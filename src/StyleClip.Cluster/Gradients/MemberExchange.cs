using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;
using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Json;

namespace StyleClip.Cluster.Gradients;

/// <summary>
/// One member's side of a wide job in one epoch: first all members come to the leader's state, then they add up one vector per step. Both
/// block the calling thread, a device thread, until the others have delivered or the epoch ends.
/// </summary>
/// <remarks>
/// Every member sends chunk c of its runs to the chunk's owner, who adds them in the order of the <see cref="ReductionPlan"/> and sends the
/// total to all. No member can be more than one step ahead of another: a total needs a contribution of everybody. So contributions are kept
/// for two steps, the present and the next, and totals for one.
/// </remarks>
public sealed class MemberExchange : IMemberInbox, IDisposable
{
    /// <summary>Packets of this member that may be on their way at the same time: enough to keep a connection busy, few enough to hold little.</summary>
    private const int Window = 8;

    private readonly object _gate = new(); // a Monitor's: threads wait in it
    private readonly JobView _view;
    private readonly int _self;
    private readonly IMemberLink _link;
    private readonly int _sizeBytes;
    private readonly ReductionPlan _plan;
    private readonly int[] _ownedChunks;
    private readonly byte[][] _own;
    private readonly Contributions[] _contributions;
    private readonly byte[] _total;
    private readonly bool[] _hasTotal;
    private readonly (int Step, MemberIdentity Identity)?[] _hellos;
    private readonly CancellationTokenSource _ended;
    private readonly CancellationTokenRegistration _wake;
    private readonly SemaphoreSlim _window = new(Window);
    private IncomingState? _state;
    private int _step = -1;
    private long _sentBytes;
    private Exception? _fault;

    /// <param name="view">The members.</param>
    /// <param name="self">Index of this member.</param>
    /// <param name="microShards">Micro-shards of the global batch.</param>
    /// <param name="sizeBytes">Size of the vectors, float32.</param>
    /// <param name="link">Carries packets to the others.</param>
    /// <param name="ended">Ends the epoch.</param>
    public MemberExchange(JobView view, int self, int microShards, int sizeBytes, IMemberLink link, CancellationToken ended)
    {
        (_view, _self, _link, _sizeBytes) = (view, self, link, sizeBytes);
        _plan = new ReductionPlan(microShards, view.Members.Length);
        _ownedChunks = [.. Enumerable.Range(0, ReductionPlan.ChunksOf(sizeBytes)).Where(chunk => _plan.OwnerOf(chunk) == self)];
        _own = [.. _plan.Runs.Select(run => run.Member == self ? new byte[sizeBytes] : [])];
        _contributions = [new Contributions(_plan, self, _ownedChunks.Length), new Contributions(_plan, self, _ownedChunks.Length)];
        _total = new byte[sizeBytes];
        _hasTotal = new bool[ReductionPlan.ChunksOf(sizeBytes)];
        _hellos = new (int, MemberIdentity)?[view.Members.Length];
        _ended = CancellationTokenSource.CreateLinkedTokenSource(ended);
        _wake = _ended.Token.Register(() =>
        {
            lock (_gate) Monitor.PulseAll(_gate);
        });
    }

    public bool IsLeader => _self == 0;

    public CancellationToken Ended => _ended.Token;

    /// <summary>The runs of this member, whose sums it brings to each step.</summary>
    public IEnumerable<(MicroShardRun Run, int Index)> OwnRuns => _plan.Runs.Select((run, index) => (run, index)).Where(entry => entry.run.Member == _self);

    /// <summary>Bytes that this member has sent.</summary>
    public long SentBytes => Interlocked.Read(ref _sentBytes);

    /// <summary>
    /// Brings all members to the leader's step and state, whatever each did before. Returns when this member has it.
    /// </summary>
    /// <param name="step">Updates that this member has done.</param>
    /// <param name="identity">What this member is.</param>
    /// <param name="capture">The leader's state; called on the calling thread where somebody needs it.</param>
    /// <param name="refuse">Told by the leader, with the index of a member that must not take part and the reason; the epoch then goes no further.</param>
    /// <returns>The state to take over; null where this member has it already.</returns>
    /// <exception cref="OperationCanceledException">The epoch ended.</exception>
    public ReadOnlyMemory<byte>? Enter(int step, MemberIdentity identity, Func<byte[]> capture, Action<int, string> refuse)
    {
        if (IsLeader)
        {
            lock (_gate)
            {
                _step = step;
                WaitUntil(() => !_hellos.Skip(1).Contains(null));
            }

            Welcome(step, identity, capture, refuse);
            return null;
        }

        Post(_view.Members[0], Message(0, MemberMessageKind.Hello, step), JsonSerializer.SerializeToUtf8Bytes(identity, ContractJson.Canonical));
        lock (_gate)
        {
            WaitUntil(() => _state is { IsComplete: true });
            _step = _state!.Step;
            return _state.Content.Length == 0 ? null : (ReadOnlyMemory<byte>?)_state.Content;
        }
    }

    /// <summary>Adds up the members' vectors of one step.</summary>
    /// <param name="step">Updates done before.</param>
    /// <param name="fill">Writes the sum of one of <see cref="OwnRuns"/>, by its index.</param>
    /// <returns>The total, float32; valid until the next call.</returns>
    /// <exception cref="OperationCanceledException">The epoch ended.</exception>
    public ReadOnlySpan<byte> Sum(int step, Action<int, byte[]> fill)
    {
        Begin(step);
        foreach ((MicroShardRun _, int index) in OwnRuns)
        {
            fill(index, _own[index]);
            for (int chunk = 0; chunk < _hasTotal.Length; chunk++)
            {
                int owner = _plan.OwnerOf(chunk);
                if (owner != _self) Post(_view.Members[owner], Message(owner, MemberMessageKind.Contribution, step, index, chunk * ReductionPlan.ChunkBytes), Part(_own[index], chunk));
            }
        }

        for (int owned = 0; owned < _ownedChunks.Length; owned++) Reduce(step, owned);
        lock (_gate) WaitUntil(() => !_hasTotal.Contains(false));
        return _total;
    }

    /// <inheritdoc/>
    public bool Take(MemberMessage message, ReadOnlySpan<byte> content)
    {
        if (message.Epoch != _view.Epoch) return message.Epoch < _view.Epoch; // of a past epoch: nothing is to be done; of a coming one: not yet
        if (message.Sender == _self || message.Sender < 0 || message.Sender >= _view.Members.Length) return true;
        lock (_gate)
        {
            bool taken = message.Kind switch
            {
                MemberMessageKind.Hello => TakeHello(message, content),
                MemberMessageKind.Welcome => TakeWelcome(message),
                MemberMessageKind.State => message.Sender == 0 && _state is not null && _state.Take(message.Offset, content),
                MemberMessageKind.Contribution => TakeContribution(message, content),
                MemberMessageKind.Total => TakeTotal(message, content),
                _ => true,
            };
            Monitor.PulseAll(_gate);
            return taken;
        }
    }

    public void Dispose()
    {
        _ended.Cancel();
        _wake.Dispose();
        _ended.Dispose();
    }

    private void Welcome(int step, MemberIdentity identity, Func<byte[]> capture, Action<int, string> refuse)
    {
        for (int member = 1; member < _hellos.Length; member++)
        {
            if (identity.Refusal(_hellos[member]!.Value.Identity) is not { } reason) continue;
            refuse(member, reason);
            lock (_gate) WaitUntil(() => false); // the job makes an epoch without it
        }

        byte[] state = _hellos.Skip(1).Any(hello => hello!.Value.Step != step) ? capture() : [];
        for (int member = 1; member < _hellos.Length; member++)
        {
            int length = _hellos[member]!.Value.Step == step ? 0 : state.Length;
            DeviceLease lease = _view.Members[member];
            Post(lease, Message(member, MemberMessageKind.Welcome, step, offset: length), default);
            for (int offset = 0; offset < length; offset += GradientPacket.MaxLength)
                Post(lease, Message(member, MemberMessageKind.State, step, offset: offset), state.AsMemory(offset, Math.Min(GradientPacket.MaxLength, length - offset)));
        }
    }

    private void Begin(int step)
    {
        lock (_gate)
        {
            if (step == _step + 1)
            {
                _contributions[_step % 2].Clear(); // from now on for the step after this one
                _step = step;
            }

            if (step != _step) throw new InvalidOperationException($"Step {step} cannot follow step {_step} in one epoch.");
            Array.Clear(_hasTotal);
        }
    }

    private void Reduce(int step, int owned)
    {
        int chunk = _ownedChunks[owned];
        Contributions contributions = _contributions[step % 2];
        lock (_gate) WaitUntil(() => contributions.AreComplete(owned));
        Memory<byte> Values(int run) => _plan.Runs[run].Member == _self ? Part(_own[run], chunk) : contributions.Part(run, owned, SizeOf(chunk));
        foreach ((int into, int from) in _plan.Additions) Add(Values(into).Span, Values(from).Span);
        Memory<byte> total = Part(_total, chunk);
        Values(0).Span.CopyTo(total.Span);
        lock (_gate) _hasTotal[chunk] = true;
        for (int member = 0; member < _view.Members.Length; member++)
            if (member != _self) Post(_view.Members[member], Message(member, MemberMessageKind.Total, step, offset: chunk * ReductionPlan.ChunkBytes), total);
    }

    private bool TakeHello(MemberMessage message, ReadOnlySpan<byte> content)
    {
        if (IsLeader && JsonSerializer.Deserialize<MemberIdentity>(content, ContractJson.Canonical) is { } identity) _hellos[message.Sender] = (message.Step, identity);
        return true;
    }

    private bool TakeWelcome(MemberMessage message)
    {
        if (message.Sender == 0) _state ??= new IncomingState(message.Step, message.Offset);
        return true;
    }

    private bool TakeContribution(MemberMessage message, ReadOnlySpan<byte> content)
    {
        if (message.Step > _step + 1 || _step < 0) return false;
        int chunk = message.Offset / ReductionPlan.ChunkBytes;
        bool fits = message.Step >= _step
            && message.Run >= 0 && message.Run < _plan.Runs.Length && _plan.Runs[message.Run].Member == message.Sender
            && IsChunk(message.Offset, content.Length) && _plan.OwnerOf(chunk) == _self;
        if (fits) _contributions[message.Step % 2].Take(message.Run, chunk / _plan.Width, content);
        return true;
    }

    private bool TakeTotal(MemberMessage message, ReadOnlySpan<byte> content)
    {
        if (message.Step > _step) return false;
        int chunk = message.Offset / ReductionPlan.ChunkBytes;
        if (message.Step < _step || !IsChunk(message.Offset, content.Length) || _plan.OwnerOf(chunk) != message.Sender || _hasTotal[chunk]) return true;
        content.CopyTo(Part(_total, chunk).Span);
        _hasTotal[chunk] = true;
        return true;
    }

    private bool IsChunk(int offset, int length) =>
        offset >= 0 && offset < _sizeBytes && offset % ReductionPlan.ChunkBytes == 0 && length == SizeOf(offset / ReductionPlan.ChunkBytes);

    private int SizeOf(int chunk) => Math.Min(ReductionPlan.ChunkBytes, _sizeBytes - (chunk * ReductionPlan.ChunkBytes));

    private Memory<byte> Part(byte[] vector, int chunk) => vector.AsMemory(chunk * ReductionPlan.ChunkBytes, SizeOf(chunk));

    private MemberMessage Message(int to, MemberMessageKind kind, int step, int run = 0, int offset = 0) =>
        new(_view.Members[to].Id, _view.Epoch, step, kind, _self, run, offset);

    private void WaitUntil(Func<bool> condition)
    {
        while (!condition())
        {
            _ended.Token.ThrowIfCancellationRequested();
            if (_fault is not null) throw new IOException("A packet to another member could not be sent.", _fault);
            Monitor.Wait(_gate);
        }

        _ended.Token.ThrowIfCancellationRequested();
    }

    private async void Post(DeviceLease to, MemberMessage message, ReadOnlyMemory<byte> content)
    {
        try
        {
            CancellationToken ended = _ended.Token;
            await _window.WaitAsync(ended).ConfigureAwait(false);
            try
            {
                await _link.Send(to, message, content, ended).ConfigureAwait(false);
                Interlocked.Add(ref _sentBytes, content.Length);
            }
            finally
            {
                _window.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // the epoch has ended
        }
        catch (Exception exception) // nobody awaits this: the device thread hears of it
        {
            lock (_gate)
            {
                _fault = exception;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private static void Add(Span<byte> into, ReadOnlySpan<byte> from)
    {
        Span<Vector<float>> sums = MemoryMarshal.Cast<byte, Vector<float>>(into);
        ReadOnlySpan<Vector<float>> values = MemoryMarshal.Cast<byte, Vector<float>>(from);
        for (int i = 0; i < sums.Length; i++) sums[i] += values[i];
        int rest = sums.Length * Vector<byte>.Count;
        Span<float> lastSums = MemoryMarshal.Cast<byte, float>(into[rest..]);
        ReadOnlySpan<float> lastValues = MemoryMarshal.Cast<byte, float>(from[rest..]);
        for (int i = 0; i < lastSums.Length; i++) lastSums[i] += lastValues[i];
    }

    /// <summary>What the others brought to the chunks of this member in one step.</summary>
    private sealed class Contributions(ReductionPlan plan, int self, int ownedChunks)
    {
        private readonly byte[][] _values = [.. plan.Runs.Select(run => run.Member == self ? [] : new byte[ownedChunks * ReductionPlan.ChunkBytes])];
        private readonly bool[,] _arrived = new bool[plan.Runs.Length, ownedChunks];
        private readonly int[] _count = new int[ownedChunks];
        private readonly int _complete = plan.Runs.Count(run => run.Member != self);

        public bool AreComplete(int owned) => _count[owned] == _complete;

        public Memory<byte> Part(int run, int owned, int size) => _values[run].AsMemory(owned * ReductionPlan.ChunkBytes, size);

        public void Take(int run, int owned, ReadOnlySpan<byte> content)
        {
            if (_arrived[run, owned]) return;
            content.CopyTo(_values[run].AsSpan(owned * ReductionPlan.ChunkBytes));
            _arrived[run, owned] = true;
            _count[owned]++;
        }

        public void Clear()
        {
            Array.Clear(_arrived);
            Array.Clear(_count);
        }
    }

    /// <summary>The leader's state as it arrives.</summary>
    private sealed class IncomingState(int step, int length)
    {
        private readonly HashSet<int> _offsets = [];
        private int _missing = length;

        public int Step => step;

        public byte[] Content { get; } = new byte[length];

        public bool IsComplete => _missing == 0;

        public bool Take(int offset, ReadOnlySpan<byte> content)
        {
            if (offset < 0 || offset + content.Length > Content.Length || !_offsets.Add(offset)) return true;
            content.CopyTo(Content.AsSpan(offset));
            _missing -= content.Length;
            return true;
        }
    }
}
