using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;

namespace StyleClip.DemoWorld.Tests.Packs;

/// <summary>The committed pack.</summary>
public sealed class DemoPack : IDisposable
{
    public DemoPack()
    {
        TorchSharp.torch.set_num_threads(1);
        Networks = FrozenNetworks.Load(Directory);
    }

    public static string Directory { get; } = Path.Combine(AppContext.BaseDirectory, "Pack");

    public FrozenNetworks Networks { get; }

    internal FaceWorld World { get; } = new(seed: 1, size: 64);

    public void Dispose() => Networks.Dispose();
}
