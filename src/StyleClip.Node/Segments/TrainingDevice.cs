using StyleClip.Contracts.Library;
using StyleClip.Contracts.Nodes;
using StyleClip.Models.Packs;
using StyleClip.Storage.Packs;
using StyleClip.Training.Devices;
using TorchSharp;

namespace StyleClip.Node.Segments;

/// <summary>One device of this node: its thread, and the pack that it has loaded, which consecutive jobs share.</summary>
internal sealed class TrainingDevice : IAsyncDisposable
{
    private readonly PackLibrary _packs;
    private readonly string _cacheDirectory;
    private (Digest Pack, FrozenNetworks Networks)? _loaded;

    public TrainingDevice(NodeOptions options, int index, PackLibrary packs)
    {
        _packs = packs;
        _cacheDirectory = options.CacheDirectory;
        Kind = DeviceKind.Cpu(options.ThreadsPerDevice);
        Thread = new DeviceThread($"cpu-{index}", options.ThreadsPerDevice);
    }

    public string Kind { get; }

    public DeviceThread Thread { get; }

    /// <summary>The pack's networks on this device; the pack loaded before, if it is another one, is let go.</summary>
    public async Task<FrozenNetworks> Networks(Digest pack, CancellationToken cancellationToken)
    {
        if (_loaded is { } loaded && loaded.Pack == pack) return loaded.Networks;
        string directory = await _packs.Fetch(pack, _cacheDirectory, cancellationToken);
        FrozenNetworks networks = await Thread.Invoke(() =>
        {
            _loaded?.Networks.Dispose();
            _loaded = null;
            return FrozenNetworks.Load(directory, torch.CPU);
        });
        _loaded = (pack, networks);
        return networks;
    }

    public async ValueTask DisposeAsync()
    {
        await Thread.Invoke(() =>
        {
            _loaded?.Networks.Dispose();
            return true;
        });
        await Thread.DisposeAsync();
    }
}
