using StyleClip.Models.Clip;
using StyleClip.Models.Identity;
using StyleClip.Models.StyleGan2;
using StyleClip.Reference;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Parity;

/// <summary>The published networks with weights by formula, frozen; the caller disposes them.</summary>
public static class FormulaNetworks
{
    public static Generator Generator(string prefix, GeneratorSpec spec)
    {
        Generator generator = new(spec);
        FormulaWeights.Fill(generator, prefix, WeightFamily.StyleGan2);
        generator.Freeze();
        return generator;
    }

    public static ClipModel Clip(string prefix, ClipSpec spec)
    {
        ClipModel clip = new(spec);
        FormulaWeights.Fill(clip, prefix, WeightFamily.Clip);
        clip.Freeze();
        return clip;
    }

    public static IrSe IrSe50(string prefix)
    {
        IrSe network = new(IrSeSpec.IrSe50);
        FormulaWeights.Fill(network, prefix, WeightFamily.IrSe50);
        network.Freeze();
        return network;
    }
}
