using System.Reflection;

namespace StyleClip.Node;

/// <summary>The build that mappers name on their cards: the product's version, with its commit where that is known, and libtorch's.</summary>
public static class NodeBuild
{
    public static string Name { get; } = $"{Version(typeof(NodeBuild))}, TorchSharp {Version(typeof(TorchSharp.torch)).Split('+')[0]}";

    private static string Version(Type type) =>
        type.Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
}
