using System.Runtime.Intrinsics.X86;
using System.Runtime.Intrinsics.Arm;

namespace StyleClip.Contracts.Nodes;

/// <summary>
/// Names of device kinds. Two devices of one kind and build compute the same bytes; so everything that changes the order of additions is
/// part of the name: the instruction set that the kernels pick, and the number of intra-op threads.
/// </summary>
public static class DeviceKind
{
    /// <summary>Kind of a CPU device of this machine with <paramref name="threads"/> intra-op threads.</summary>
    public static string Cpu(int threads) => $"cpu-{InstructionSet()}-{threads}t";

    private static string InstructionSet() => (Avx512F.IsSupported, Avx2.IsSupported, AdvSimd.IsSupported) switch
    {
        (true, _, _) => "avx512",
        (_, true, _) => "avx2",
        (_, _, true) => "neon",
        _ => "baseline",
    };
}
