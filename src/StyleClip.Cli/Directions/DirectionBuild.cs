using System.Globalization;
using System.Text.Json;
using StyleClip.Cli.Devices;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Models.Packs;
using StyleClip.Models.StyleGan2;
using StyleClip.Node;
using StyleClip.Node.Directions;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Directions;
using StyleClip.Storage.Packs;
using StyleClip.Training.Directions;

namespace StyleClip.Cli.Directions;

/// <summary>
/// One <c>styleclip directions build</c>. Every process that is given the same command and the same store works on the same table; whoever
/// sees it whole publishes it, and publishing twice is publishing once.
/// </summary>
internal sealed class DirectionBuild(DirectionBuildOptions options, TimeProvider time)
{
    private readonly BuildDisplay _display = new(options.Output);

    public async Task<int> Run(CancellationToken cancellationToken)
    {
        long began = time.GetTimestamp();
        using IArtifactStore store = ArtifactStores.Open(options.Store);
        PackPlace pack = await PackPlace.Find(options.Pack, options.Store, cancellationToken);
        DirectionTableSpec spec = options.Spec(pack.Manifest.Truncation);
        GeneratorSpec generator = PackShapes.Spec(pack.Manifest.Generator);
        string name = options.Name ?? spec.DefaultName();
        var library = new DirectionLibrary(store, time);
        if (await Published(library, pack.Digest, spec, cancellationToken) is { } published)
        {
            _display.Note($"The table '{published.Name}' of these options is there already; nothing is left to do.");
            return Report(published, await library.ReadCard(published, cancellationToken), isNew: false, 0, TimeSpan.Zero);
        }

        if (await library.Find(pack.Digest, name, cancellationToken) is not null)
            throw new InvalidDataException($"The pack already has a table of other options with the name '{name}'; tables never change, so this one needs another --name.");
        if (spec.Problem(pack.Manifest.Generator) is { } problem) throw new InvalidDataException($"--last-layer is {spec.LastLayer}; it {problem}.");

        await new PackLibrary(store).Publish(pack.Folder, cancellationToken);
        List<LocalDevice> devices = await Open(pack, cancellationToken);
        try
        {
            var request = new DirectionBuildRequest { Pack = pack.Digest, Spec = spec, DeviceKind = devices[0].Kind, Build = NodeBuild.Name };
            var board = new DirectionBoard(store, request, time);
            DirectionBuildState state = await board.Join(options.RangeSize, size => DirectionRange.All(generator, spec.LastLayer, size).Length, cancellationToken);
            IReadOnlyList<DirectionRange> ranges = DirectionRange.All(generator, spec.LastLayer, state.RangeSize);
            var progress = new BuildProgress(spec, ranges, devices.Count, time);
            progress.See(state);
            _display.Note(string.Create(
                CultureInfo.InvariantCulture,
                $"Table '{name}': {ranges.Sum(range => range.Count):N0} channels in {ranges.Count} ranges, {2L * spec.Images * ranges.Sum(range => range.Count):N0} images; {devices.Count} x {devices[0].Kind}"));
            if (!await Measure(devices, spec, board, store, progress, cancellationToken))
            {
                _display.Note("Paused. The same command goes on.");
                return ExitCodes.Paused;
            }

            DirectionTableCard card = await Assemble(store, pack, name, request, await board.Read(cancellationToken), ranges, cancellationToken);
            (DirectionTableEntry entry, bool isNew) = await library.Publish(card, cancellationToken);
            return Report(entry, card, isNew, progress.Ranges, time.GetElapsedTime(began));
        }
        finally
        {
            foreach (LocalDevice device in devices) await device.DisposeAsync();
        }
    }

    private static async Task<DirectionTableEntry?> Published(DirectionLibrary library, Digest pack, DirectionTableSpec spec, CancellationToken cancellationToken)
    {
        await foreach (DirectionTableEntry entry in library.List(pack, cancellationToken))
        {
            if (entry.Spec == spec) return entry;
        }

        return null;
    }

    private async Task<List<LocalDevice>> Open(PackPlace pack, CancellationToken cancellationToken)
    {
        List<LocalDevice> devices = [await LocalDevice.Open(pack, options.Device, options.ThreadsPerDevice, cancellationToken)];
        bool isGpu = devices[0].Kind != Contracts.Nodes.DeviceKind.Cpu(options.ThreadsPerDevice);
        while (!isGpu && devices.Count < options.Devices)
            devices.Add(await LocalDevice.Open(pack, options.Device, options.ThreadsPerDevice, cancellationToken));
        return devices;
    }

    /// <summary>False where the user ended it.</summary>
    private async Task<bool> Measure(
        List<LocalDevice> devices,
        DirectionTableSpec spec,
        DirectionBoard board,
        IArtifactStore store,
        BuildProgress progress,
        CancellationToken cancellationToken)
    {
        using var paused = new CancellationTokenSource();
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, paused.Token);
        using var signal = new PauseSignal(paused.CancelAsync);
        Task work = Task.WhenAll(devices.Select((device, index) => OrEndAll(Worker(device, index).Run(progress.Of(index), ended.Token))));
        await _display.Watch(progress, work);
        try
        {
            await work;
            return true;
        }
        catch (OperationCanceledException) when (paused.IsCancellationRequested)
        {
            return false;
        }

        TableWorker Worker(LocalDevice device, int index) => new(
            $"{Slug.Of(Environment.MachineName)}-{Environment.ProcessId}-{index}", device.Thread, device.Networks, spec, store, board);

        async Task OrEndAll(Task worker)
        {
            try
            {
                await worker;
            }
            catch
            {
                await ended.CancelAsync();
                throw;
            }
        }
    }

    private static async Task<DirectionTableCard> Assemble(
        IArtifactStore store,
        PackPlace pack,
        string name,
        DirectionBuildRequest request,
        DirectionBuildState state,
        IReadOnlyList<DirectionRange> ranges,
        CancellationToken cancellationToken)
    {
        byte[] table = await TableAssembly.Assemble(store, state, cancellationToken);
        return new DirectionTableCard
        {
            Name = name,
            Pack = pack.Card(),
            Table = await store.Put(table, MediaTypes.Safetensors, cancellationToken),
            Rows = ranges.Sum(range => range.Count),
            Features = pack.Manifest.Clip.EmbedDim,
            Spec = request.Spec,
            DeviceKind = request.DeviceKind,
            Build = request.Build,
        };
    }

    private int Report(DirectionTableEntry entry, DirectionTableCard card, bool isNew, int ranges, TimeSpan took)
    {
        if (options.Output == OutputForm.Json)
        {
            Console.WriteLine(JsonSerializer.Serialize(
                new DirectionBuildDocument(entry.Name, entry.Pack, entry.Table, entry.Card, card.Rows, isNew, ranges, took.TotalSeconds), ContractJson.Options));
            return ExitCodes.Success;
        }

        Console.WriteLine($"{entry.Name}: {card.Rows} rows of {card.Features}");
        Console.WriteLine($"  table {entry.Table.Digest}");
        Console.WriteLine($"  card  {entry.Card.Digest}");
        if (took > TimeSpan.Zero)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {ranges} ranges measured here in {took.TotalSeconds:0.0} s"));
        return ExitCodes.Success;
    }
}
