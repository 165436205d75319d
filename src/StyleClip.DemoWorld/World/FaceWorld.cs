using static TorchSharp.torch;

namespace StyleClip.DemoWorld.World;

/// <summary>The world from a seed: its law, its population and its renderer.</summary>
internal sealed class FaceWorld(long seed, int size)
{
    private readonly LatentFactorMap _map = new(seed);
    private readonly FaceRenderer _renderer = new(size);

    public int Size => size;

    public FaceRenderer Renderer => _renderer;

    public float[] LatentOf(Population population, long index) => LatentFactorMap.SampleLatent(unchecked(seed * 1_000_003 + (int)population), index);

    public Face FaceOf(Population population, long index) => _map.FaceOf(LatentOf(population, index));

    public Tensor Latents(Population population, long first, int count)
    {
        var values = new float[count * LatentFactorMap.LatentSize];
        for (int i = 0; i < count; i++) LatentOf(population, first + i).CopyTo(values, i * LatentFactorMap.LatentSize);
        return tensor(values, [count, LatentFactorMap.LatentSize]);
    }

    /// <summary>Faces number <paramref name="first"/> and following of a population.</summary>
    public FaceBatch Batch(Population population, long first, int count)
    {
        var faces = new Face[count];
        for (int i = 0; i < count; i++) faces[i] = FaceOf(population, first + i);
        return new(faces, Latents(population, first, count), FactorsOf(faces), Render(faces));
    }

    public Tensor Render(IReadOnlyList<Face> faces)
    {
        int pixels = 3 * size * size;
        var values = new float[faces.Count * pixels];
        for (int i = 0; i < faces.Count; i++) _renderer.Render(faces[i]).CopyTo(values.AsSpan(i * pixels));
        using Tensor unit = tensor(values, [faces.Count, 3, size, size]);
        return unit * 2 - 1;
    }

    public static Tensor FactorsOf(IReadOnlyList<Face> faces)
    {
        var values = new float[faces.Count * Factors.Count];
        for (int i = 0; i < faces.Count; i++) faces[i].Values.CopyTo(values.AsSpan(i * Factors.Count));
        return tensor(values, [faces.Count, Factors.Count]);
    }
}
