using StyleClip.Contracts.Library;
using StyleClip.Contracts.Nodes;
using StyleClip.Models.Packs;
using StyleClip.Storage.Packs;
using StyleClip.Training.Devices;
using StyleClip.Training.Domain;
using TorchSharp;

namespace StyleClip.Node.Segments;

/// <summary>One device of this node: its thread, and the pack that it has loaded, which consecutive jobs share.</summary>
internal sealed class TrainingDevice : IAsyncDisposable
{
    private readonly torch.Device _device;
    private readonly PackLibrary _packs;
    private readonly string _cacheDirectory;
    private (Digest Pack, FrozenNetworks Networks)? _loaded;
    private DomainPictures? _pictures;

    private TrainingDevice(torch.Device device, string kind, DeviceThread thread, string cacheDirectory, PackLibrary packs) =>
        (_device, Kind, Thread, _cacheDirectory, _packs) = (device, kind, thread, cacheDirectory, packs);

    /// <exception cref="DeviceMissingException">A GPU is asked for; this build or machine has none.</exception>
    public static void Require(DeviceChoice device)
    {
        if (device == DeviceChoice.Cuda && !torch.cuda.is_available())
            throw new DeviceMissingException("No GPU: the machine has none, or the program was not built with -p:TorchBackend=cuda.");
    }

    /// <summary>The devices that <paramref name="options"/> ask for.</summary>
    public static TrainingDevice[] Open(NodeOptions options, PackLibrary packs)
    {
        Require(options.Device);
        bool hasGpu = options.Device != DeviceChoice.Cpu && torch.cuda.is_available();
        int threads = options.ThreadsPerDevice;
        return hasGpu
            ? [new TrainingDevice(torch.device("cuda", 0), DeviceKind.Cuda(), new DeviceThread("cuda-0", threads), options.CacheDirectory, packs)]
            : [.. Enumerable.Range(0, options.Devices).Select(index => new TrainingDevice(
                torch.CPU, DeviceKind.Cpu(threads), new DeviceThread($"cpu-{index}", threads), options.CacheDirectory, packs))];
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
            Unload();
            return FrozenNetworks.Load(directory, _device);
        }, cancellationToken);
        _loaded = (pack, networks);
        return networks;
    }

    /// <summary>Pictures of the loaded pack's own, which consecutive jobs share; to be called on the device's thread.</summary>
    public DomainPictures Pictures(FrozenNetworks networks, int count)
    {
        if (_pictures?.Count == count) return _pictures;
        _pictures?.Dispose();
        return _pictures = new DomainPictures(networks, count);
    }

    public async ValueTask DisposeAsync()
    {
        await Thread.Invoke(() =>
        {
            Unload();
            return true;
        });
        await Thread.DisposeAsync();
    }

    private void Unload()
    {
        _pictures?.Dispose();
        _loaded?.Networks.Dispose();
        (_pictures, _loaded) = (null, null);
    }
}
