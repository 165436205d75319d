using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Pictures;

/// <summary>Held-out faces of the world, each above the generator's picture of the same z.</summary>
internal static class FaceSheet
{
    private const int Columns = 12, Rows = 3;

    public static void Draw(FaceWorld world, string packDirectory, string path)
    {
        using IDisposable untracked = no_grad();
        using var scope = NewDisposeScope();
        using FrozenNetworks pack = FrozenNetworks.Load(packDirectory);
        Tensor w = pack.Generator.MapToW(world.Latents(Population.HeldOut, 0, Columns * Rows));
        Tensor images = (pack.Generator.Synthesize(pack.Generator.Repeat(w)).clamp(-1, 1) + 1) / 2; // [N, 3, S, S]
        using var sheet = new ContactSheet(Columns, 2 * Rows, world.Size, zoom: 2);
        for (int i = 0; i < Columns * Rows; i++)
        {
            sheet.Put(i % Columns, 2 * (i / Columns), world.Renderer.Render(world.FaceOf(Population.HeldOut, i)));
            sheet.Put(i % Columns, (2 * (i / Columns)) + 1, images[i].contiguous().data<float>().ToArray());
        }
        sheet.Save(path);
    }
}
