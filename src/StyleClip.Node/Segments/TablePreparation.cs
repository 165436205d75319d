using StyleClip.Cluster.Jobs;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Models.Packs;
using StyleClip.Node.Directions;
using StyleClip.Storage.Directions;
using StyleClip.Training.Directions;

namespace StyleClip.Node.Segments;

/// <summary>Gets a segment its direction table: a published one, or one that it helps to measure, together with all who need it.</summary>
internal sealed class TablePreparation
{
    private readonly SegmentContext _context;
    private readonly FrozenNetworks _networks;
    private readonly DirectionBuildRequest _request;
    private readonly DirectionBoard _board;
    private readonly DirectionLibrary _library;

    public TablePreparation(SegmentContext context, FrozenNetworks networks, DirectionTableSpec spec)
    {
        (_context, _networks) = (context, networks);
        _request = new DirectionBuildRequest { Pack = context.Spec.Pack, Spec = spec, DeviceKind = context.Device.Kind, Build = NodeBuild.Name };
        _board = new DirectionBoard(context.Services.Store, _request, context.Services.Time);
        _library = new DirectionLibrary(context.Services.Store, context.Services.Time);
    }

    private CancellationToken Stop => _context.Control.Stop;

    /// <summary>The published table of this spec that a device of this kind and build measured; null where there is none.</summary>
    public async Task<DirectionTableCard?> Published()
    {
        await foreach (DirectionTableEntry entry in _library.List(_request.Pack, Stop))
        {
            if (entry.Spec != _request.Spec) continue;
            DirectionTableCard card = await _library.ReadCard(entry, Stop);
            if (card.DeviceKind == _request.DeviceKind && card.Build == _request.Build) return card;
        }

        return null;
    }

    /// <summary>Seconds that all devices spent on the table; null where it was not measured over this store.</summary>
    public async Task<double?> DeviceSeconds() => (await _board.Find(Stop))?.DeviceSeconds();

    /// <summary>Measures with the others until every unit is done.</summary>
    /// <param name="ranges">Into how many ranges the table is cut, where nobody has begun it; the fewer, if none can be.</param>
    /// <param name="steps">Steps that the whole table counts as in the job's progress; 0 where it is no step of the job.</param>
    public async Task Measure(int ranges, int steps)
    {
        int? lastLayer = _request.Spec.LastLayer;
        await _board.Join(RangeSize(ranges), Count, Stop);
        var worker = new TableWorker(
            HolderOf(_context.Lease), _context.Device.Thread, _networks, _request.Spec, _context.Services.Store, _board);
        using var measured = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        Task releasing = ReleaseClaimsOfTheLost(measured.Token);
        try
        {
            await worker.Run(new TableProgress(_context.Progress, steps), Stop);
        }
        finally
        {
            await measured.CancelAsync();
            await releasing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        int Count(int size) => DirectionRange.All(_networks.Generator.Spec, lastLayer, size).Length;

        int RangeSize(int count)
        {
            int size = 1;
            while (Count(size) > count && size < _networks.Generator.Spec.StyleWidths.Max()) size++;
            return size;
        }
    }

    /// <summary>The table of the measured units, with its card under a name.</summary>
    public async Task<(byte[] Table, DirectionTableCard Card)> Assemble(string name)
    {
        DirectionBuildState state = await _board.Read(Stop);
        byte[] table = await TableAssembly.Assemble(_context.Services.Store, state, Stop);
        PackManifest pack = _networks.Manifest;
        return (table, new DirectionTableCard
        {
            Name = name,
            Pack = new CardPack(pack.Name, _request.Pack, pack.Licence, pack.Files.ToDictionary(file => file.Key, file => file.Value.Digest)),
            Table = await _context.Services.Store.Put(table, MediaTypes.Safetensors, Stop),
            Rows = DirectionRange.All(_networks.Generator.Spec, _request.Spec.LastLayer, state.RangeSize).Sum(range => range.Count),
            Features = pack.Clip.EmbedDim,
            Spec = _request.Spec,
            DeviceKind = _request.DeviceKind,
            Build = _request.Build,
        });
    }

    /// <summary>Publishes a table, so that nobody measures it again. A name that a table of another device or build has is left to it.</summary>
    public async Task Publish(DirectionTableCard card)
    {
        try
        {
            await _library.Publish(card, Stop);
        }
        catch (InvalidDataException)
        {
            await _library.Publish(card with { Name = $"{card.Name}-{card.Table.Digest.Hex[..8]}" }, Stop);
        }
    }

    // What a worker that is gone had claimed would else be free only when the claim expires.
    private async Task ReleaseClaimsOfTheLost(CancellationToken cancellationToken)
    {
        long epoch = -1;
        while (true)
        {
            (JobView view, _) = await _context.Views.After(epoch, cancellationToken);
            epoch = view.Epoch;
            if (view.IndexOf(_context.Lease) != 0) continue;
            HashSet<string> present = [.. view.Members.Select(member => HolderOf(member.Id))];
            await _context.Tell(() => _board.ReleaseAll(
                holder => holder.StartsWith(HolderPrefix, StringComparison.Ordinal) && !present.Contains(holder), cancellationToken));
        }
    }

    private string HolderPrefix => $"{_context.Request.Job}/";

    private string HolderOf(Guid lease) => $"{HolderPrefix}{lease:N}";

    /// <summary>Says what the device does for the table, and counts the ranges that are done.</summary>
    private sealed class TableProgress(SegmentProgress progress, int steps) : ITableProgress
    {
        private DirectionBuildState? _state;
        private bool _isAtWork;

        public void See(DirectionBuildState state)
        {
            _state = state;
            if (steps > 0) progress.StepsDone = (int)((long)state.RangesDone() * steps / state.Ranges.Count);
            if (!_isAtWork) progress.Activity = $"waits for the direction table, {state.RangesDone()} of {state.Ranges.Count} ranges are done";
        }

        public void Report(int unit, long images)
        {
            if (_isAtWork) return;
            _isAtWork = true;
            progress.Activity = unit == DirectionBoard.StatisticsUnit
                ? "measures the direction table, channel statistics"
                : $"measures the direction table, range {unit} of {_state?.Ranges.Count}";
        }

        public void End(bool isDone) => _isAtWork = false;
    }
}
