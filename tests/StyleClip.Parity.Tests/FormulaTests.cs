using System.Runtime.InteropServices;
using StyleClip.Reference;
using static TorchSharp.torch;

namespace StyleClip.Parity.Tests;

public sealed class FormulaTests
{
    [Fact]
    public void The_seed_is_the_published_hash_of_the_prefixed_key()
    {
        Assert.Equal(0xaf63dc4c8601ec8cUL, Formula.Seed("", "a"));
        Assert.Equal(0x23fa469ad9650e51UL, Formula.Seed("A:", "conv1.conv.weight"));
    }

    [Theory]
    [InlineData("conv1.conv.weight", 0.388604969f, 1.42653608f, -1.65796685f, 0.774755538f)]
    [InlineData("style.1.weight", 5.84099436f, -157.555557f, -116.73201f, 110.622078f)]
    [InlineData("conv1.conv.modulation.bias", 1.03232563f, 0.910511851f, 1.04902029f, 1.09940374f)]
    public void Generator_weights_begin_with_the_recorded_values(string key, float first, float second, float third, float fourth)
    {
        FillRule rule = FormulaWeights.Rule(WeightFamily.StyleGan2, key, [512, 512]);
        using Tensor tensor = Formula.Tensor("A:", key, [4], rule.Kind, rule.Scale, rule.Offset);
        Assert.Equal([first, second, third, fourth], Floats(tensor));
    }

    [Fact]
    public void A_patch_embedding_is_scaled_by_its_fan_in()
    {
        FillRule rule = FormulaWeights.Rule(WeightFamily.Clip, "visual.conv1.weight", [768, 3, 32, 32]);
        using Tensor tensor = Formula.Tensor("A:", "visual.conv1.weight", [4], rule.Kind, rule.Scale, rule.Offset);
        Assert.Equal([-0.0066447705f, -0.0310210548f, -0.00147922337f, -0.0166135207f], Floats(tensor));
    }

    [Fact]
    public void A_long_tensor_continues_the_stream_across_chunks()
    {
        const int Elements = 200_000;
        using Tensor whole = Formula.Tensor("A:", "stream", [Elements]);
        ulong state = Formula.Seed("A:", "stream");
        float[] expected = new float[Elements];
        for (int i = 0; i < Elements; i++)
        {
            state += 0x9E3779B97F4A7C15;
            ulong z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            expected[i] = (float)((2 * (((z ^ (z >> 31)) >> 40) / 16777216.0)) - 1);
        }

        Assert.Equal(expected, Floats(whole));
    }

    private static float[] Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes).ToArray();
}
