using System.Collections.Immutable;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Packs;

namespace StyleClip.Storage.Tests.Packs;

public sealed class PackLibraryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryArtifactStore _store;

    public PackLibraryTests() => _store = new DirectoryArtifactStore(_directory["store"]);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_published_pack_is_fetched_byte_for_byte()
    {
        var library = new PackLibrary(_store);
        string folder = WritePack("demo", generator: 1);

        Digest pack = await library.Publish(folder, Ct);
        string fetched = await library.Fetch(pack, _directory["cache"], Ct);

        Assert.Equal(["clip.safetensors", "generator.safetensors", "pack.json"], Directory.GetFiles(fetched).Select(Path.GetFileName).Order());
        foreach (string file in Directory.GetFiles(folder))
            Assert.Equal(await File.ReadAllBytesAsync(file, Ct), await File.ReadAllBytesAsync(Path.Combine(fetched, Path.GetFileName(file)), Ct));
        Assert.Equal("demo", (await library.Read(pack, Ct)).Name);
        Assert.Equal(pack, Digest.Of(await File.ReadAllBytesAsync(Path.Combine(fetched, PackManifest.FileName), Ct)));
    }

    [Fact]
    public async Task A_name_moves_to_the_pack_that_was_published_last()
    {
        var library = new PackLibrary(_store);
        Digest first = await library.Publish(WritePack("demo", generator: 1), Ct);
        Digest again = await library.Publish(WritePack("demo", generator: 1), Ct);
        Digest second = await library.Publish(WritePack("demo", generator: 2), Ct);

        Assert.Equal(first, again);
        Assert.NotEqual(first, second);
        Assert.Equal(second, await library.Find("demo", Ct));
        Assert.Null(await library.Find("ffhq", Ct));
        Assert.Equal("demo", (await library.Read(first, Ct)).Name);
        List<PackPointer> packs = [];
        await foreach (PackPointer pointer in library.List(Ct)) packs.Add(pointer);
        Assert.Equal([new PackPointer("demo", second)], packs);
    }

    [Fact]
    public async Task Many_that_ask_at_once_get_one_whole_folder()
    {
        Digest pack = await new PackLibrary(_store).Publish(WritePack("demo", generator: 1), Ct);
        PackLibrary[] libraries = [new(_store), new(_store)];

        string[] folders = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => libraries[i % 2].Fetch(pack, _directory["cache"], Ct)));

        Assert.Single(folders.Distinct());
        Assert.Equal([folders[0]], Directory.GetDirectories(_directory["cache"]));
    }

    [Fact]
    public async Task A_damaged_cache_and_the_rest_of_a_killed_fetch_are_replaced()
    {
        string source = WritePack("demo", generator: 1);
        Digest pack = await new PackLibrary(_store).Publish(source, Ct);
        string folder = await new PackLibrary(_store).Fetch(pack, _directory["cache"], Ct);
        await File.WriteAllBytesAsync(Path.Combine(folder, "clip.safetensors"), new byte[64], Ct);
        Directory.CreateDirectory(folder + ".partial");
        await File.WriteAllBytesAsync(Path.Combine(folder + ".partial", "half"), new byte[10], Ct);

        await new PackLibrary(_store).Fetch(pack, _directory["cache"], Ct);

        Assert.Equal(
            await File.ReadAllBytesAsync(Path.Combine(source, "clip.safetensors"), Ct),
            await File.ReadAllBytesAsync(Path.Combine(folder, "clip.safetensors"), Ct));
        Assert.False(Directory.Exists(folder + ".partial"));
    }

    [Fact]
    public async Task A_damaged_artifact_does_not_become_a_folder()
    {
        Digest pack = await new PackLibrary(_store).Publish(WritePack("demo", generator: 1), Ct);
        Digest file = (await new PackLibrary(_store).Read(pack, Ct)).Files[PackRoles.Generator].Digest;
        await File.WriteAllBytesAsync(Path.Combine(_directory["store"], "blobs", "sha256", file.Hex[..2], file.Hex), new byte[64], Ct);

        await Assert.ThrowsAsync<ArtifactCorruptException>(() => new PackLibrary(_store).Fetch(pack, _directory["cache"], Ct));
        Assert.False(Directory.Exists(Path.Combine(_directory["cache"], pack.Hex)));
    }

    [Fact]
    public async Task A_file_that_the_manifest_does_not_pin_is_refused_before_the_store_changes()
    {
        string folder = WritePack("demo", generator: 1);
        byte[] other = new byte[64];
        other[0] = 99;
        await File.WriteAllBytesAsync(Path.Combine(folder, "generator.safetensors"), other, Ct);

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(() => new PackLibrary(_store).Publish(folder, Ct));

        Assert.Contains("generator.safetensors", refused.Message, StringComparison.Ordinal);
        Assert.Contains(Digest.Of(other).ToString(), refused.Message, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_directory["store"], "blobs")));
    }

    [Fact]
    public async Task A_manifest_whose_file_leaves_its_folder_is_refused()
    {
        PackManifest manifest = Manifest("demo", [1], [2]);
        PackFile outside = manifest.Files[PackRoles.Clip] with { Path = "../outside" };
        ArtifactRef stored = await _store.PutJson(manifest with { Files = manifest.Files.SetItem(PackRoles.Clip, outside) }, Ct);

        InvalidDataException refused = await Assert.ThrowsAsync<InvalidDataException>(
            () => new PackLibrary(_store).Fetch(stored.Digest, _directory["cache"], Ct));

        Assert.Contains("plain file name", refused.Message, StringComparison.Ordinal);
    }

    private string WritePack(string name, byte generator)
    {
        byte[] generatorBytes = new byte[64], clipBytes = new byte[100];
        generatorBytes[0] = generator;
        string folder = Directory.CreateDirectory(_directory[Guid.NewGuid().ToString("N")]).FullName;
        File.WriteAllBytes(Path.Combine(folder, "generator.safetensors"), generatorBytes);
        File.WriteAllBytes(Path.Combine(folder, "clip.safetensors"), clipBytes);
        File.WriteAllBytes(Path.Combine(folder, PackManifest.FileName), ContractJson.ToBytes(Manifest(name, generatorBytes, clipBytes)));
        return folder;
    }

    private static PackManifest Manifest(string name, byte[] generator, byte[] clip) => new()
    {
        Name = name,
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty
            .Add(PackRoles.Generator, new PackFile("generator.safetensors", Digest.Of(generator), generator.Length))
            .Add(PackRoles.Clip, new PackFile("clip.safetensors", Digest.Of(clip), clip.Length)),
        Generator = new PackGenerator
        {
            Size = 32,
            StyleDim = 2,
            MappingLayers = 2,
            Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 8),
        },
        Clip = new PackClip
        {
            ImageSize = 32,
            PatchSize = 8,
            VisionWidth = 8,
            VisionLayers = 1,
            VisionHeads = 1,
            EmbedDim = 8,
            TextWidth = 8,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = 4,
        },
        Tokenizer = new PackTokenizer { Kind = PackTokenizerKind.Words, Words = ["a", "face"] },
        LatentAverage = [0f, 1f],
    };
}
