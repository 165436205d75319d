using StyleClip.Models.Weights;
using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights;

public sealed class TorchFileReaderTests
{
    private static readonly byte[] SixFloats = TorchFileBytes.Floats(0, 1, 2, 3, 4, 5);

    [Theory]
    [InlineData("clip_tiny_fp16_zip.pt", false)]
    [InlineData("clip_tiny_fp16_legacy.pt", false)]
    [InlineData("clip_tiny_fp16_torchscript.pt", true)]
    public void Every_layout_gives_the_recorded_network(string file, bool isScript)
    {
        using TorchFile torchFile = TorchFileReader.Read(Golden(file));
        using StateDict weights = torchFile.StateDict();
        Assert.Equal(isScript, torchFile.IsTorchScript);
        string[] extra = isScript ? ["context_length", "input_resolution", "vocab_size"] : [];
        string[] manifest = [.. Manifest.Shapes("clip_tiny").Keys];
        Assert.Equal([.. manifest.Concat(extra).Order(StringComparer.Ordinal)], weights.Keys);
        Assert.Contains(weights.Values, tensor => tensor.dtype == ScalarType.Float16);
        foreach (string key in manifest) AssertFormula(WeightFamily.Clip, key, weights[key]);
        if (isScript) Assert.Equal(32, weights["input_resolution"].item<long>());
    }

    [Theory]
    [InlineData("mapper_tiny_coach.pt")]
    [InlineData("mapper_tiny_coach_legacy.pt")]
    public void A_training_checkpoint_gives_its_networks_and_options(string file)
    {
        using TorchFile torchFile = TorchFileReader.Read(Golden(file));
        using StateDict weights = torchFile.StateDict();
        using StateDict mapper = weights.Select("mapper");
        using StateDict decoder = weights.Select("decoder");
        Assert.Equal(weights.Count, mapper.Count + decoder.Count);
        Assert.Equal(24, mapper.Count); // three levels of four layers
        foreach ((string key, Tensor tensor) in mapper) AssertFormula(WeightFamily.Mapper, key, tensor);
        foreach ((string key, Tensor tensor) in decoder) AssertFormula(WeightFamily.StyleGan2, key, tensor);
        Assert.Equal(64L, torchFile.Get("opts/stylegan_size"));
        Assert.Equal(0.5, torchFile.Get("opts/learning_rate"));
        Assert.Equal(false, torchFile.Get("opts/no_fine_mapper"));
        Assert.Equal("a person with purple hair", torchFile.Get("opts/description"));
        Assert.Null(torchFile.Get("opts/checkpoint_path"));
        Assert.Contains("\"exp_dir\"", Assert.Throws<WeightsException>(() => torchFile.Get("opts/nope")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generator_checkpoint_gives_the_averaged_network_and_the_mean_latent()
    {
        using TorchFile torchFile = TorchFileReader.Read(Golden("stylegan2_tiny_rosinality.pt"));
        using StateDict weights = torchFile.StateDict();
        using StateDict named = torchFile.StateDict("g_ema");
        using Tensor mean = torchFile.ReadTensor("latent_avg");
        Assert.Equal(weights.Keys, named.Keys);
        foreach ((string key, Tensor tensor) in weights) AssertFormula(WeightFamily.StyleGan2, key, tensor);
        using Tensor expected = Formula.Latent("A:", "input/tiny/latent_avg", mean.shape);
        Assert.Equal(expected.bytes.ToArray(), mean.bytes.ToArray());
        Assert.Contains("not a dictionary of tensors", Assert.Throws<WeightsException>(() => torchFile.StateDict("latent_avg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Views_of_one_storage_keep_shape_strides_and_sharing_and_outlive_the_file()
    {
        byte[] pickle = TorchFileBytes.Pickle.Op((byte)'}').Mark()
            .Text("whole").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1])
            .Text("transposed").Tensor("FloatStorage", "0", 6, 0, [3, 2], [1, 3])
            .Text("tail").Tensor("FloatStorage", "0", 6, 4, [2], [1])
            .Text("scalar").Tensor("FloatStorage", "0", 6, 3, [], [])
            .Text("expanded").Tensor("FloatStorage", "0", 6, 5, [2, 2], [0, 0])
            .Text("none").Tensor("FloatStorage", "0", 6, 6, [0, 4], [4, 1])
            .Op((byte)'u').End();
        StateDict weights;
        using (TemporaryFile file = new(TorchFileBytes.Zip(pickle, ("a/data/0", SixFloats))))
        using (TorchFile torchFile = TorchFileReader.Read(file.Path))
        {
            weights = torchFile.StateDict();
        }

        using (weights)
        {
            Assert.Equal([0f, 3, 1, 4, 2, 5], Floats(weights["transposed"]));
            Assert.Equal([4f, 5], Floats(weights["tail"]));
            Assert.Equal([3f], Floats(weights["scalar"]));
            Assert.Equal([5f, 5, 5, 5], Floats(weights["expanded"]));
            Assert.Equal([0L, 4L], weights["none"].shape);
            weights["whole"].fill_(7);
            Assert.Equal([7f, 7], Floats(weights["tail"]));
        }
    }

    [Fact]
    public void A_storage_that_is_part_of_another_is_read_from_its_place()
    {
        byte[] pickle = TorchFileBytes.Pickle.Global("torch._utils", "_rebuild_tensor").Mark()
            .Mark().Text("storage").Global("torch", "FloatStorage").Text("0").Text("cpu").Number(6)
            .Mark().Text("view").Number(2).Number(3).Tuple().Tuple().Op((byte)'Q')
            .Number(1).Numbers(2).Numbers(1).Tuple().Reduce().End();
        using TemporaryFile file = new(TorchFileBytes.Legacy(pickle, ("0", 6, SixFloats)));
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        using Tensor tensor = torchFile.ReadTensor();
        Assert.Equal([3f, 4], Floats(tensor));
    }

    [Theory]
    [InlineData("DoubleStorage", ScalarType.Float64, 8)]
    [InlineData("FloatStorage", ScalarType.Float32, 4)]
    [InlineData("HalfStorage", ScalarType.Float16, 2)]
    [InlineData("BFloat16Storage", ScalarType.BFloat16, 2)]
    [InlineData("LongStorage", ScalarType.Int64, 8)]
    [InlineData("IntStorage", ScalarType.Int32, 4)]
    [InlineData("ShortStorage", ScalarType.Int16, 2)]
    [InlineData("CharStorage", ScalarType.Int8, 1)]
    [InlineData("ByteStorage", ScalarType.Byte, 1)]
    [InlineData("BoolStorage", ScalarType.Bool, 1)]
    [InlineData("ComplexFloatStorage", ScalarType.ComplexFloat32, 8)]
    public void Every_element_type_is_read_from_both_layouts(string storage, ScalarType type, int elementSize)
    {
        byte[] data = [.. Enumerable.Range(0, 2 * elementSize).Select(i => (byte)(i % 2))];
        foreach (bool legacy in new[] { false, true })
        {
            byte[] pickle = TorchFileBytes.Pickle.Tensor(storage, "0", 2, 0, [2], [1], legacy).End();
            using TemporaryFile file = new(legacy ? TorchFileBytes.Legacy(pickle, ("0", 2, data)) : TorchFileBytes.Zip(pickle, ("a/data/0", data)));
            using TorchFile torchFile = TorchFileReader.Read(file.Path);
            using Tensor tensor = torchFile.ReadTensor();
            Assert.Equal(type, tensor.dtype);
            Assert.Equal(data, tensor.bytes.ToArray());
        }
    }

    [Fact]
    public void Deflated_entries_are_read()
    {
        byte[] pickle = TorchFileBytes.Pickle.Tensor("FloatStorage", "0", 6, 0, [6], [1]).End();
        using TemporaryFile file = new(TorchFileBytes.Archive(["a/data.pkl", "a/data/0"], [("a/data.pkl", pickle), ("a/data/0", SixFloats)]));
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        using Tensor tensor = torchFile.ReadTensor();
        Assert.Equal([0f, 1, 2, 3, 4, 5], Floats(tensor));
    }

    [Fact]
    public void Plain_values_keep_their_types_and_order()
    {
        byte[] pickle = TorchFileBytes.Pickle.Op((byte)'}').Mark()
            .Text("z").Op((byte)']').Mark().Number(-3).Op((byte)'N').Op(0x88).Text("ä").Op((byte)'e')
            .Number(5).Global("torch", "device").Mark().Text("cuda").Number(1).Tuple().Reduce()
            .Text("size").Global("torch", "Size").Numbers(2, 3).Op(0x85).Reduce()
            .Text("type").Global("torch", "float16")
            .Text("big").Op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)
            .Text("args").Global("argparse", "Namespace").Op((byte)')').Op(0x81).Op((byte)'}').Text("lr").Op((byte)'G').Op(0x3f, 0xe0, 0, 0, 0, 0, 0, 0).Op((byte)'s').Op((byte)'b')
            .Op((byte)'u').End();
        using TemporaryFile file = new(TorchFileBytes.Zip(pickle));
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        TorchDict root = Assert.IsType<TorchDict>(torchFile.Root);
        Assert.Equal(["z", 5L, "size", "type", "big", "args"], root.Select(pair => pair.Key));
        Assert.Equal([-3L, null, true, "ä"], Assert.IsType<List<object?>>(torchFile.Get("z")));
        Assert.True(root.TryGetValue(5L, out object? device));
        Assert.Equal(new TorchDevice("cuda:1"), device);
        Assert.Equal([2L, 3L], Assert.IsType<object?[]>(torchFile.Get("size")));
        Assert.Equal(ScalarType.Float16, torchFile.Get("type"));
        Assert.Equal(System.Numerics.BigInteger.Pow(2, 64), torchFile.Get("big"));
        Assert.Equal(0.5, torchFile.Get("args/lr"));
    }

    [Fact]
    public void A_numpy_array_becomes_a_tensor_in_its_order()
    {
        byte[] pickle = TorchFileBytes.Pickle
            .Global("numpy.core.multiarray", "_reconstruct").Mark().Global("numpy", "ndarray").Numbers(0).Text("b").Tuple().Reduce()
            .Mark().Number(1).Numbers(2, 3)
            .Global("numpy", "dtype").Mark().Text("f4").Op(0x89, 0x88).Tuple().Reduce().Mark().Number(3).Text("<").Tuple().Op((byte)'b')
            .Op(0x88).Op([(byte)'C', 24, .. SixFloats]).Tuple().Op((byte)'b').End();
        using TemporaryFile file = new(TorchFileBytes.Zip(pickle));
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        using Tensor tensor = torchFile.ReadTensor();
        Assert.Equal([2L, 3L], tensor.shape);
        Assert.Equal([0f, 2, 4, 1, 3, 5], Floats(tensor)); // column-major
    }

    [Fact]
    public void An_ambiguous_choice_of_networks_asks_which()
    {
        TorchFileBytes pickle = TorchFileBytes.Pickle.Op((byte)'}').Mark();
        foreach (string name in new[] { "g", "g_ema" }) pickle.Text(name).Op((byte)'}').Text("w").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op((byte)'s');
        using TemporaryFile file = new(TorchFileBytes.Zip(pickle.Op((byte)'u').End(), ("a/data/0", SixFloats)));
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        Assert.Contains("2 dictionaries of tensors: g, g_ema; say which", Assert.Throws<WeightsException>(() => torchFile.StateDict()).Message, StringComparison.Ordinal);
        using StateDict chosen = torchFile.StateDict("g_ema");
        Assert.Equal(["w"], chosen.Keys);
    }

    [Theory]
    [InlineData("os", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("__builtin__", "getattr")]
    [InlineData("torch._utils", "_rebuild_qtensor")]
    [InlineData("__torch__.model", "Model")]
    public void Whatever_is_not_data_is_refused_by_name(string module, string name)
    {
        byte[] called = TorchFileBytes.Pickle.Global(module, name).Text("touch /tmp/x").Op(0x85).Reduce().End();
        Assert.Contains($"refers to {module}.{name}", Refusal(TorchFileBytes.Zip(called)), StringComparison.Ordinal);
        byte[] stacked = TorchFileBytes.Pickle.Text(module).Text(name).Op(0x93).End();
        Assert.Contains($"refers to {module}.{name}", Refusal(TorchFileBytes.Legacy(stacked)), StringComparison.Ordinal);
    }

    public static TheoryData<string, byte[]> Damaged => new()
    {
        { "claims a value of 1000000 bytes", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'X', 0x40, 0x42, 0x0f, 0).End()) },
        { "claims a value of 18446744073709551615 bytes", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op(0x8d).Op([.. Enumerable.Repeat((byte)255, 8)]).End()) },
        { "does not end within", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'N').Bytes) },
        { "takes more values than it has", TorchFileBytes.Zip(TorchFileBytes.Pickle.End()) },
        { "never opened", TorchFileBytes.Zip(TorchFileBytes.Pickle.Tuple().End()) },
        { "never stored", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'h', 3).End()) },
        { "operation 0x82", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op(0x82, 1).End()) },
        { "more than 256 deep", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op([.. Enumerable.Repeat((byte)'(', 300)]).End()) },
        { "more than 100 deep", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)')').Op([.. Enumerable.Repeat((byte)0x85, 300)]).End()) },
        { "contains itself", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)']', (byte)'2', (byte)'a').End()) },
        { "more than 2000000 operations", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op([.. Enumerable.Repeat((byte)'N', 2_100_000)]).End()) },
        { "remembers more than 1000000", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'N').Op([.. Enumerable.Repeat((byte)0x94, 1_100_000)]).End()) },
        { "dict key is a", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'}', (byte)']', (byte)'N', (byte)'s').End()) },
        { "more than 2000000 operations", TorchFileBytes.Zip(CopyingPickle) },
        { "a name of 2002 characters", TorchFileBytes.Zip(TorchFileBytes.Pickle.Text(new string('a', 1001)).Text(new string('b', 1001)).Op(0x93).End()) },
        { "without a value", TorchFileBytes.Zip(TorchFileBytes.Pickle.Op((byte)'}').Mark().Number(1).Op((byte)'u').End()) },
        { "reaches outside its storage", WithTensor(6, 0, [2, 3], [4, 1]) },
        { "reaches outside its storage", WithTensor(6, -1, [2], [1]) },
        { "neither may be negative", WithTensor(6, 5, [2], [-1]) },
        { "3 dimensions and 2 strides", WithTensor(6, 0, [1, 1, 1], [1, 1]) },
        { "size overflows", WithTensor(6, 0, [int.MaxValue, int.MaxValue, int.MaxValue], [0, 0, 0]) },
        { "expands a storage", WithTensor(6, 0, [1 << 25], [0]) },
        { "65 dimensions", WithTensor(6, 0, [.. Enumerable.Repeat(1, 65)], [.. Enumerable.Repeat(1, 65)]) },
        { "declared as 7 Float32 and has 24 bytes", WithTensor(7, 0, [2], [1]) },
        { "declared as -1 Float32", WithTensor(-1, 0, [0], [1]) },
        { "lacks the storage 0", TorchFileBytes.Zip(TorchFileBytes.Pickle.Tensor("FloatStorage", "0", 6, 0, [6], [1]).End()) },
        { "lacks the storage ../0", TorchFileBytes.Zip(TorchFileBytes.Pickle.Tensor("FloatStorage", "../0", 6, 0, [6], [1]).End(), ("a/0", SixFloats)) },
        { "reaches outside it", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("a/../../x", SixFloats)) },
        { "reaches outside it", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("/etc/x", SixFloats)) },
        { "two entries named", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("a/x", SixFloats), ("a/x", SixFloats)) },
        { "2 entries named data.pkl", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("b/data.pkl", SixFloats)) },
        { "0 entries named data.pkl", TorchFileBytes.Archive([], [("a/x", SixFloats)]) },
        { "big-endian", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("a/byteorder", "big"u8.ToArray())) },
        { "the limit is 200 to 1", TorchFileBytes.Archive(["a/data/0"], [("a/data.pkl", TorchFileBytes.Pickle.Number(1).End()), ("a/data/0", new byte[16 << 20])]) },
        { "neither a zip archive", [] },
        { "neither a zip archive", "not weights at all"u8.ToArray() },
        { "truncated", TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End())[..^1] },
        { "declared as 6 elements and has 5", TorchFileBytes.Legacy(LegacyTensor, ("0", 5, SixFloats)) },
        { "needs 24 bytes; 23 follow", TorchFileBytes.Legacy(LegacyTensor, ("0", 6, SixFloats[..^1])) },
        { "names 0 twice", TorchFileBytes.Legacy(LegacyTensor, ("0", 6, SixFloats), ("0", 6, SixFloats)) },
        { "which no tensor uses", TorchFileBytes.Legacy(LegacyTensor, ("1", 6, SixFloats)) },
        { "lacks the storage 0", TorchFileBytes.Legacy(LegacyTensor) },
    };

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_or_hostile_file_is_refused_with_one_clear_message(string expected, byte[] file) =>
        Assert.Contains(expected, Refusal(file), StringComparison.Ordinal);

    [Fact]
    public void Overlapping_entries_are_refused()
    {
        byte[] zip = TorchFileBytes.Zip(TorchFileBytes.Pickle.Number(1).End(), ("a/x", SixFloats));
        int second = LastHeader(zip);
        BitConverter.GetBytes(0).CopyTo(zip, second + 42); // the second entry now claims the first one's place
        Assert.Contains("overlaps", Refusal(zip), StringComparison.Ordinal);
    }

    [Fact]
    public void A_flipped_bit_in_stored_weights_is_noticed_by_its_checksum()
    {
        byte[] zip = WithTensor(6, 0, [6], [1]);
        int data = zip.AsSpan().IndexOf(SixFloats);
        zip[data + 9] ^= 1;
        using TemporaryFile file = new(zip);
        using TorchFile torchFile = TorchFileReader.Read(file.Path);
        Assert.Contains("checksum", Assert.Throws<WeightsException>(() => torchFile.ReadTensor()).Message, StringComparison.Ordinal);
        Assert.Contains("checksum", Assert.Throws<WeightsException>(() => ((TorchTensor)torchFile.Root!).ToTensor()).Message, StringComparison.Ordinal);
    }

    // A pickle behind a checksum would never meet its mutations, so it is packed again after them; the other two files are hit whole.
    [Theory]
    [InlineData("pickle", 1000)]
    [InlineData("zip", 1000)]
    [InlineData("legacy", 1000)]
    public void Any_mutation_is_refused_cleanly_or_read_within_bounds(string what, int cases)
    {
        byte[] pickle = TorchFileBytes.Pickle.Op((byte)'}').Mark()
            .Text("state").Global("collections", "OrderedDict").Op((byte)')').Reduce().Op((byte)'q', 1).Mark()
            .Text("w").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1], what == "legacy")
            .Text("v").Tensor("FloatStorage", "0", 6, 4, [2], [1], what == "legacy")
            .Op((byte)'u').Text("opts").Op((byte)']').Mark().Number(-3).Op((byte)'h', 1).Text("text").Op((byte)'e').Op((byte)'u').End();
        byte[] legacy = TorchFileBytes.Legacy(pickle, ("0", 6, SixFloats));
        byte[] zip = TorchFileBytes.Archive(["a/data/0"], [("a/data.pkl", pickle), ("a/data/0", SixFloats)]);
        Random random = new(7);
        for (int i = 0; i < cases; i++)
        {
            byte[] mutated = what switch
            {
                "pickle" => TorchFileBytes.Zip(Mutation.Of(pickle, random), ("a/data/0", SixFloats)),
                "zip" => Mutation.Of(zip, random),
                _ => Mutation.Of(legacy, random),
            };
            using TemporaryFile file = new(mutated);
            try
            {
                using TorchFile torchFile = TorchFileReader.Read(file.Path);
                Touch(torchFile.Root);
            }
            catch (WeightsException)
            {
                // Refused cleanly.
            }
        }
    }

    // A short pickle that asks for the same megabyte of text to be copied thousands of times.
    private static byte[] CopyingPickle => TorchFileBytes.Pickle
        .Global("_codecs", "encode").Op((byte)'q', 0).Text(new string('x', 1 << 20)).Text("latin1").Op(0x86, (byte)'q', 1)
        .Op([.. Enumerable.Repeat<byte[]>([(byte)'h', 0, (byte)'h', 1, (byte)'R'], 1000).SelectMany(bytes => bytes)]).End();

    private static byte[] LegacyTensor => TorchFileBytes.Pickle.Tensor("FloatStorage", "0", 6, 0, [6], [1], legacy: true).End();

    private static byte[] WithTensor(int count, int offset, int[] shape, int[] strides) =>
        TorchFileBytes.Zip(TorchFileBytes.Pickle.Tensor("FloatStorage", "0", count, offset, shape, strides).End(), ("a/data/0", SixFloats));

    private static string Golden(string file) => Path.Combine(GoldenData.RepositoryDirectory, file);

    private static string Refusal(byte[] bytes)
    {
        using TemporaryFile file = new(bytes);
        WeightsException error = Assert.Throws<WeightsException>(() => TorchFileReader.Read(file.Path).Dispose());
        Assert.StartsWith(file.Path, error.Message, StringComparison.Ordinal);
        return error.Message;
    }

    private static float[] Floats(Tensor tensor)
    {
        using Tensor contiguous = tensor.contiguous().clone();
        return System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(contiguous.bytes).ToArray();
    }

    private static void AssertFormula(WeightFamily family, string key, Tensor actual)
    {
        FillRule rule = FormulaWeights.Rule(family, key, actual.shape);
        if (rule.Kind == FillKind.Keep) return;
        using Tensor expected = Formula.Tensor("A:", key, actual.shape, rule.Kind, rule.Scale, rule.Offset);
        using Tensor converted = expected.to(actual.dtype);
        Assert.True(converted.bytes.SequenceEqual(actual.bytes), key);
    }

    private static void Touch(object? value)
    {
        switch (value)
        {
            case TorchTensor tensor:
                using (Tensor read = tensor.ToTensor())
                using (Tensor copy = read.clone())
                {
                    Assert.Equal(tensor.Shape, copy.shape);
                }

                break;
            case NumpyArray array: array.ToTensor().Dispose(); break;
            case TorchDict dict:
                foreach ((_, object? item) in dict) Touch(item);
                break;
            case System.Collections.IEnumerable items and not (string or byte[]):
                foreach (object? item in items) Touch(item);
                break;
        }
    }

    private static int LastHeader(byte[] zip) => zip.AsSpan().LastIndexOf((ReadOnlySpan<byte>)[0x50, 0x4b, 1, 2]);
}
