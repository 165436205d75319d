using StyleClip.Contracts.Packs;
using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Tests.Packs;

public sealed class DemoPackTests(DemoPack pack) : IClassFixture<DemoPack>
{
    [Fact]
    public void It_weighs_at_most_twelve_megabytes() =>
        Assert.InRange(Directory.GetFiles(DemoPack.Directory).Sum(file => new FileInfo(file).Length), 1, 12_000_000);

    [Fact]
    public void A_changed_file_is_refused_by_name()
    {
        PackManifest manifest = FrozenNetworks.ReadManifest(DemoPack.Directory);
        Stream Open(PackFile file)
        {
            byte[] bytes = File.ReadAllBytes(Path.Combine(DemoPack.Directory, file.Path));
            if (file.Path == "clip.safetensors") bytes[^1] ^= 1;
            return new MemoryStream(bytes);
        }

        InvalidDataException refusal = Assert.Throws<InvalidDataException>(() => FrozenNetworks.Load(manifest, Open));
        Assert.Contains("clip.safetensors", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("generator.safetensors", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_generator_draws_what_the_world_says()
    {
        using var scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        FaceBatch faces = pack.World.Batch(Population.HeldOut, 100_000, 32);
        Tensor images = pack.Networks.Generator.Synthesize(pack.Networks.Generator.Repeat(pack.Networks.Generator.MapToW(faces.Latents)));
        double decibels = 10 * Math.Log10(4 / (images.clamp(-1, 1) - faces.Images).square().mean().ToDouble());

        Assert.True(decibels > 26, $"{decibels:f1} dB");
    }

    [Fact]
    public void Clip_tells_generated_faces_apart()
    {
        using var scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        Face[] faces = [.. Enumerable.Range(0, 200).Select(i => pack.World.FaceOf(Population.HeldOut, 200_000 + i))];
        var clip = pack.Networks.ClipLoss(pack.Networks.Manifest.ClipInput);
        Tensor w = pack.Networks.Generator.MapToW(pack.World.Latents(Population.HeldOut, 200_000, 200));
        Tensor images = cat([.. w.split(20).Select(part => clip.EmbedImage(pack.Networks.Generator.Synthesize(pack.Networks.Generator.Repeat(part))))]);

        foreach ((string name, double share) in ZeroShot.Measure(clip, pack.Networks.Tokenizer, faces, images))
            Assert.True(share > 0.85, $"{name}: {share:p0}");
    }

    [Fact]
    public void The_measuring_network_agrees_with_the_truth_of_generated_faces()
    {
        using var scope = NewDisposeScope();
        using IDisposable untracked = no_grad();
        Face[] faces = [.. Enumerable.Range(0, 200).Select(i => pack.World.FaceOf(Population.HeldOut, 200_000 + i))];
        Tensor w = pack.Networks.Generator.MapToW(pack.World.Latents(Population.HeldOut, 200_000, 200));
        float[] readings = cat([.. w.split(20).Select(part => pack.Measuring.Read(pack.Networks.Generator.Synthesize(pack.Networks.Generator.Repeat(part))))]).data<float>().ToArray();

        foreach (BinaryAttribute attribute in BinaryAttribute.All)
        {
            int column = MeasuringNetwork.Measured.IndexOf(attribute.Factor);
            double agreement = Enumerable.Range(0, faces.Length).Average(i =>
                attribute.Holds(readings[(i * MeasuringNetwork.Measured.Length) + column]) == attribute.Holds(faces[i][attribute.Factor]) ? 1.0 : 0.0);
            Assert.True(agreement > 0.9, $"{attribute.Name}: {agreement:p0}");
        }
    }
}
