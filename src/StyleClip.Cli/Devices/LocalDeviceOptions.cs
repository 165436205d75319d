using System.CommandLine;
using StyleClip.Cli.Commands;
using StyleClip.Cli.Packs;
using StyleClip.Node;

namespace StyleClip.Cli.Devices;

/// <summary>Options of commands that compute with a pack in this process.</summary>
internal sealed class LocalDeviceOptions
{
    private readonly Option<string> _pack = new("--pack") { Description = "The pack: a folder, one that ships with the program, or one of the store by name or digest.", Required = true };

    private readonly Option<DeviceChoice> _device = new("--device")
    {
        Description = "auto: the GPU where the build and the machine have one, else the CPU.",
        DefaultValueFactory = _ => DeviceChoice.Auto,
    };

    private readonly Option<int> _threads = new("--threads")
    {
        Description = "Threads that one operation may use. Part of the device kind: another number gives other roundings.",
        DefaultValueFactory = _ => 1,
    };

    public LocalDeviceOptions() => CommonOptions.RequireRange(_threads, 1, 1_024);

    /// <summary>Where packs and mappers are found.</summary>
    public Option<string> Store { get; } = CommonOptions.Store();

    public void AddTo(Command command)
    {
        command.Add(_pack);
        command.Add(Store);
        command.Add(_device);
        command.Add(_threads);
    }

    /// <summary>The pack that was asked for; its networks are not loaded.</summary>
    public Task<PackPlace> FindPack(ParseResult parsed, CancellationToken cancellationToken) =>
        PackPlace.Find(parsed.GetRequiredValue(_pack), parsed.GetRequiredValue(Store), cancellationToken);

    /// <summary>The device that was asked for, with a pack on it.</summary>
    public Task<LocalDevice> Open(PackPlace pack, ParseResult parsed, CancellationToken cancellationToken) =>
        LocalDevice.Open(pack, parsed.GetValue(_device), parsed.GetValue(_threads), cancellationToken);
}
