using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace StyleClip.Contracts.Nodes;

/// <summary>
/// Names of device kinds. Two devices of one kind and build compute the same bytes; so everything that changes the order of additions is
/// part of the name: the instruction set that the kernels pick, and the number of intra-op threads.
/// </summary>
public static class DeviceKind
{
    /// <summary>Kind of a CPU device of this machine with <paramref name="threads"/> intra-op threads.</summary>
    public static string Cpu(int threads) => $"cpu-{InstructionSet()}-{threads}t";

    /// <summary>Kind of the first CUDA device of this machine: its model, as the driver names it.</summary>
    public static string Cuda()
    {
        const string Driver = "/proc/driver/nvidia/gpus";
        string? line = Directory.Exists(Driver)
            ? Directory.EnumerateFiles(Driver, "information", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(1)
                .SelectMany(File.ReadLines).FirstOrDefault(text => text.StartsWith("Model:", StringComparison.Ordinal))
            : null;
        string model = line is null ? "unknown" : line["Model:".Length..].Trim().ToLowerInvariant().Replace(' ', '-');
        return $"cuda-{model}";
    }

    private static string InstructionSet() => (Avx512F.IsSupported, Avx2.IsSupported, AdvSimd.IsSupported) switch
    {
        (true, _, _) => "avx512",
        (_, true, _) => "avx2",
        (_, _, true) => "neon",
        _ => "baseline",
    };
}
