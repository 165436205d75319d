using StyleClip.Cli.Packs;
using StyleClip.Contracts.Nodes;
using StyleClip.Models.Packs;
using StyleClip.Node;
using StyleClip.Training.Devices;
using TorchSharp;

namespace StyleClip.Cli.Devices;

/// <summary>One device of this machine with a pack's networks on it, for commands that compute in this process. Owns both.</summary>
internal sealed class LocalDevice : IAsyncDisposable
{
    private LocalDevice(PackPlace pack, string kind, DeviceThread thread, FrozenNetworks networks) =>
        (Pack, Kind, Thread, Networks) = (pack, kind, thread, networks);

    /// <summary>The pack that is loaded.</summary>
    public PackPlace Pack { get; }

    /// <summary>The device kind: equal kinds and builds compute equal bytes.</summary>
    public string Kind { get; }

    /// <summary>The only thread that may touch <see cref="Networks"/>.</summary>
    public DeviceThread Thread { get; }

    /// <summary>The pack's networks.</summary>
    public FrozenNetworks Networks { get; }

    /// <summary>Loads a pack's networks; every byte is checked against the pack's digests.</summary>
    /// <exception cref="InvalidDataException">The pack cannot be used, or a GPU is asked for and there is none.</exception>
    public static async Task<LocalDevice> Open(PackPlace pack, DeviceChoice choice, int threads, CancellationToken cancellationToken)
    {
        bool hasGpu = choice != DeviceChoice.Cpu && torch.cuda.is_available();
        if (choice == DeviceChoice.Cuda && !hasGpu)
            throw new InvalidDataException("No GPU: the machine has none, or the program was not built with -p:TorchBackend=cuda.");
        torch.Device device = hasGpu ? torch.device("cuda", 0) : torch.CPU;
        var thread = new DeviceThread(hasGpu ? "cuda-0" : "cpu-0", threads);
        try
        {
            FrozenNetworks networks = await thread.Invoke(() => FrozenNetworks.Load(pack.Folder, device), cancellationToken);
            return new LocalDevice(pack, hasGpu ? DeviceKind.Cuda() : DeviceKind.Cpu(threads), thread, networks);
        }
        catch
        {
            await thread.DisposeAsync();
            throw;
        }
    }

    /// <summary>Works with the networks on the device's thread, after all work given before. No tensor of a scope may leave it.</summary>
    public Task<T> Invoke<T>(Func<FrozenNetworks, T> work, CancellationToken cancellationToken) =>
        Thread.Invoke(() => work(Networks), cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Thread.Invoke(() =>
        {
            Networks.Dispose();
            return true;
        });
        await Thread.DisposeAsync();
    }
}
