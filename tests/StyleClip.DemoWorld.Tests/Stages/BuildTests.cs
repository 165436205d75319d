using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.World;

namespace StyleClip.DemoWorld.Tests.Stages;

public sealed class BuildTests
{
    [Fact]
    public void Two_builds_from_one_seed_give_the_same_bytes()
    {
        using var first = new TemporaryFolder();
        using var second = new TemporaryFolder();
        TinyBuild(first.Path);
        TinyBuild(second.Path);

        string[] files = [.. Directory.GetFiles(first.Path, "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(first.Path, file)).Order(StringComparer.Ordinal)];
        Assert.Contains(Path.Combine("pack", "pack.json"), files);
        string[] differing = [.. files.Where(file => !File.ReadAllBytes(Path.Combine(first.Path, file)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second.Path, file))))];
        Assert.Equal([], differing);
    }

    private static void TinyBuild(string directory)
    {
        TorchSharp.torch.set_num_threads(1);
        var options = new BuildOptions { Seed = 5, WorkDirectory = directory, Effort = 0.0012, Size = 32 };
        var world = new FaceWorld(options.Seed, options.Size);
        new GeneratorStage(options, world).Run();
        new ClipStage(options, world).Run();
        new IdentityStage(options, world).Run();
        new AttributeStage(options, world).Run();
        new PackStage(options, world).Run(Path.Combine(directory, "pack"));
    }
}
