using System.IO.Compression;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Reference.Packs;

/// <summary>Writes weights in the two layouts of published files that our own writer does not produce.</summary>
public static class PublishedLayouts
{
    private static readonly byte[] Magic = [0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, (byte)'.'];
    private static readonly byte[] Protocol = [0x80, 2, (byte)'M', 0xe9, 3, (byte)'.'];

    /// <summary>torch.save before PyTorch 1.6: a dictionary of weights at the root, or below a key beside other tensors.</summary>
    public static void WriteLegacy(string path, StateDict weights, string? key = null, params (string Key, Tensor Tensor)[] others)
    {
        PublishedPickle pickle = new(isLegacy: true), machine = new(isLegacy: true), keys = new(isLegacy: true);
        byte[] root = pickle.Root(() =>
        {
            if (key is null) pickle.Weights(weights);
            else pickle.Dict([(key, () => pickle.Weights(weights)), .. others.Select(other => (other.Key, (Action)(() => pickle.Tensor(other.Tensor))))]);
        });
        using FileStream file = File.Create(path);
        file.Write(Magic);
        file.Write(Protocol);
        file.Write(machine.Root(() => machine.Dict([("little_endian", machine.True)])));
        file.Write(root);
        file.Write(keys.Root(() => keys.Texts(Enumerable.Range(0, pickle.Storages.Count).Select(number => $"{number}"))));
        foreach (Tensor storage in pickle.Storages)
        {
            file.Write(BitConverter.GetBytes(storage.numel()));
            file.Write(storage.bytes);
        }
    }

    /// <summary>torch.jit.save: a tree of modules whose attributes are the weights.</summary>
    public static void WriteScript(string path, IEnumerable<KeyValuePair<string, Tensor>> weights)
    {
        PublishedPickle pickle = new(isLegacy: false), constants = new(isLegacy: false);
        byte[] root = pickle.Root(() => pickle.Module(weights));
        using FileStream file = File.Create(path);
        using ZipArchive zip = new(file, ZipArchiveMode.Create);
        Add("version", "2\n"u8);
        Add("data.pkl", root);
        Add("constants.pkl", constants.Root(() => constants.Texts([])));
        for (int i = 0; i < pickle.Storages.Count; i++) Add($"data/{i}", pickle.Storages[i].bytes);

        void Add(string name, ReadOnlySpan<byte> content)
        {
            using Stream entry = zip.CreateEntry("archive/" + name, CompressionLevel.NoCompression).Open();
            entry.Write(content);
        }
    }
}
