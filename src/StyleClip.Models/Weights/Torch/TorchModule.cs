namespace StyleClip.Models.Weights;

/// <summary>A module of a TorchScript archive: its attributes only, none of its code.</summary>
public sealed class TorchModule
{
    internal TorchModule(string className) => ClassName = className;

    /// <summary>The qualified class name, such as <c>__torch__.model.CLIP</c>.</summary>
    public string ClassName { get; }

    /// <summary>Parameters, buffers, sub-modules and plain attributes by name.</summary>
    public TorchDict Attributes { get; } = new();
}
