namespace StyleClip.Node;

/// <summary>What a node's devices are.</summary>
public enum DeviceChoice
{
    /// <summary>The GPU where the build and the machine have one, else CPU devices.</summary>
    Auto,

    /// <summary>CPU devices.</summary>
    Cpu,

    /// <summary>The first GPU. libtorch's native errors can end the process, so a process owns one.</summary>
    Cuda,
}
