using System.Globalization;
using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Upstream;

/// <summary>
/// Mutated valid files of every layout, opened by what their bytes are. Beside the 3,000 cases of the PyTorch reader's own test these are
/// 20,000; STYLECLIP_FUZZ_CASES asks for another number per kind.
/// </summary>
public sealed class FuzzTests
{
    private const int Cases = 2_500;

    public static TheoryData<string> Kinds => ["zip", "legacy", "pickle in zip", "nvidia", "statistics", "styles", "npy", "safetensors"];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_mutated_file_is_refused_cleanly_or_read(string kind)
    {
        int cases = int.TryParse(Environment.GetEnvironmentVariable("STYLECLIP_FUZZ_CASES"), NumberStyles.None, CultureInfo.InvariantCulture, out int wished) ? wished : Cases;
        byte[] original = Original(kind);
        Random random = new(kind.Length + cases);
        int refused = 0;
        for (int i = 0; i < cases; i++)
        {
            byte[] mutated = kind == "pickle in zip" ? TorchFileBytes.Zip(Mutation.Of(Pickle, random), ("a/data/0", Data)) : Mutation.Of(original, random);
            using TemporaryFile file = new(mutated);
            try
            {
                using WeightFile weights = WeightFile.Open(file.Path);
                Touch(weights.Root);
                GeneratorFile.Read(file.Path).Dispose();
            }
            catch (WeightsException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 1, cases);
    }

    private static byte[] Data => TorchFileBytes.Floats(0, 1, 2, 3, 4, 5);

    private static byte[] Pickle => TorchFileBytes.Pickle.Op((byte)'}').Mark()
        .Text("g_ema").Global("collections", "OrderedDict").Op((byte)')').Reduce().Mark()
        .Text("conv1.conv.weight").Tensor("FloatStorage", "0", 6, 0, [1, 1, 6, 1, 1], [6, 6, 1, 1, 1])
        .Text("to_rgb1.conv.weight").Tensor("FloatStorage", "0", 6, 4, [2], [1])
        .Op((byte)'u').Text("latent_avg").Tensor("FloatStorage", "0", 6, 0, [6], [1]).Op((byte)'u').End();

    private static byte[] Original(string kind) => kind switch
    {
        "zip" => TorchFileBytes.Zip(Pickle, ("a/data/0", Data)),
        "legacy" => TorchFileBytes.Legacy(TorchFileBytes.Pickle.Op((byte)'}').Text("w").Tensor("FloatStorage", "0", 6, 0, [2, 3], [3, 1], legacy: true).Op((byte)'s').End(), ("0", 6, Data)),
        "nvidia" => File.ReadAllBytes(Golden.Path("upstream/nvidia_conditional.pkl")), // structure alone: in the whole one most mutations hit numbers
        "statistics" => File.ReadAllBytes(Golden.Path("upstream/s_mean_std.pkl")),
        "styles" => File.ReadAllBytes(Golden.Path("upstream/s_codes.pkl")),
        "npy" => File.ReadAllBytes(Golden.Path("upstream/w_plus.npy")),
        "safetensors" => Safetensors(),
        _ => [],
    };

    private static byte[] Safetensors()
    {
        using Tensor matrix = arange(6, ScalarType.Float32).reshape(2, 3), flag = tensor(new[] { true, false });
        return SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["g_ema.conv1.conv.weight"] = matrix, ["flag"] = flag }, new Dictionary<string, string> { ["format"] = "pt" });
    }

    private static void Touch(object? value)
    {
        switch (value)
        {
            case Tensor tensor: Sum(tensor); break;
            case TorchTensor stored:
                using (Tensor tensor = stored.ToTensor()) Sum(tensor);
                break;
            case NumpyArray array:
                using (Tensor tensor = array.ToTensor()) Sum(tensor);
                break;
            case StateDict weights:
                foreach (Tensor tensor in weights.Values) Sum(tensor);
                break;
            case TorchDict dict:
                foreach ((_, object? item) in dict) Touch(item);
                break;
            case PickledModule module: Touch(module.State); break;
            case System.Collections.IEnumerable items and not (string or byte[]):
                foreach (object? item in items) Touch(item);
                break;
        }
    }

    // Reads every element: memory that is not the tensor's would show here.
    private static void Sum(Tensor tensor)
    {
        using Tensor total = tensor.to(ScalarType.Float64).sum();
        Assert.Equal(1, total.numel());
    }
}
