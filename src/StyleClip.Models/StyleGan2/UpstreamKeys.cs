namespace StyleClip.Models.StyleGan2;

/// <summary>Names of the published generator's state dict that do not follow from the layer's role.</summary>
internal static class UpstreamKeys
{
    /// <summary>The mapping network; its layer 0 is the pixel norm and has no tensors, so its keys start at <c>style.1</c>.</summary>
    public const string Mapping = "style";

    public const string FirstConvWeight = "conv1.conv.weight";

    public const string FirstModulationWeight = "conv1.conv.modulation.weight";
}
