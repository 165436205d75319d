using StyleClip.Models.Weights;
using StyleClip.Models.Weights.Upstream;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Upstream;

public sealed class LatentCodesTests
{
    [Theory]
    [InlineData(new long[] { 512 }, LatentSpace.W, new long[] { 1, 512 })]
    [InlineData(new long[] { 6, 512 }, LatentSpace.W, new long[] { 6, 512 })]
    [InlineData(new long[] { 6, 1, 512 }, LatentSpace.W, new long[] { 6, 512 })]
    [InlineData(new long[] { 6, 18, 512 }, LatentSpace.WPlus, new long[] { 6, 18, 512 })]
    [InlineData(new long[] { 1, 1, 18, 512 }, LatentSpace.WPlus, new long[] { 1, 18, 512 })]
    [InlineData(new long[] { 6, 1, 18, 512 }, LatentSpace.WPlus, new long[] { 6, 18, 512 })]
    public void The_usual_shapes_are_understood(long[] shape, LatentSpace space, long[] expected)
    {
        using Tensor saved = rand(shape);
        using TemporaryFile file = new(Npy(saved));
        using LatentCodes codes = LatentCodes.Read(file.Path);
        Assert.Equal(space, codes.Space);
        Assert.Equal(expected, codes.Tensors[0].shape);
        Assert.Equal(saved.data<float>(), codes.Tensors[0].data<float>());
    }

    [Theory]
    [InlineData(LatentSpace.W, new long[] { 18, 512 })]
    [InlineData(LatentSpace.WPlus, new long[] { 1, 18, 512 })]
    public void A_matrix_that_may_be_either_asks_which(LatentSpace space, long[] expected)
    {
        using Tensor saved = rand(18, 512);
        using TemporaryFile file = new(Npy(saved));
        Assert.Contains("18 codes in W, or one in W+", Refusal(file.Path), StringComparison.Ordinal);
        using LatentCodes codes = LatentCodes.Read(file.Path, space: space);
        Assert.Equal(expected, codes.Tensors[0].shape);
    }

    [Theory]
    [InlineData(new long[] { 2, 17, 512 }, "L = 2 log2(size) - 2")]
    [InlineData(new long[] { 2, 3, 18, 512 }, "codes are [N, D] (W)")]
    [InlineData(new long[] { 0, 18, 512 }, "is empty")]
    public void A_shape_that_is_none_is_refused_with_the_rule(long[] shape, string expected)
    {
        using Tensor saved = rand(shape);
        using TemporaryFile file = new(Npy(saved));
        Assert.Contains(expected, Refusal(file.Path), StringComparison.Ordinal);
    }

    [Fact]
    public void Style_space_is_a_list_of_vectors_and_survives_our_own_form()
    {
        using LatentCodes codes = LatentCodes.Read(Golden.Path("upstream/s_codes.pkl"));
        Assert.Equal(LatentSpace.StyleSpace, codes.Space);
        Assert.Equal([16L, 16, 16, 16, 16, 16, 8, 8], codes.Tensors.Select(tensor => tensor.shape[1]));
        Assert.Equal(3, codes.Count);
        using TemporaryFile file = new(SafetensorsWriter.ToBytes(codes.ToDictionary()));
        using LatentCodes again = LatentCodes.Read(file.Path);
        Assert.Equal(LatentSpace.StyleSpace, again.Space);
        Assert.All(codes.Tensors.Zip(again.Tensors), pair => Assert.Equal(pair.First.data<float>(), pair.Second.data<float>()));
    }

    [Fact]
    public void Codes_of_several_images_in_a_dict_are_joined()
    {
        using MemoryStream stream = new();
        using Tensor first = zeros(1, 18, 16), second = ones(18, 16);
        TorchFileWriter.Write(stream, new[] { KeyValuePair.Create<string, object?>("a.jpg", first), KeyValuePair.Create<string, object?>("b.jpg", second) });
        using TemporaryFile file = new(stream.ToArray());
        using LatentCodes all = LatentCodes.Read(file.Path);
        Assert.Equal([2L, 18, 16], all.Tensors[0].shape);
        using LatentCodes one = LatentCodes.Read(file.Path, key: "b.jpg", space: LatentSpace.WPlus);
        Assert.Equal(1f, one.Tensors[0].mean().item<float>());
        Assert.Contains("no entry \"c.jpg\"", Assert.Throws<WeightsException>(() => LatentCodes.Read(file.Path, key: "c.jpg")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Numbers_that_are_none_are_refused()
    {
        using Tensor broken = tensor(new[] { 1f, float.NaN });
        using TemporaryFile file = new(Npy(broken));
        Assert.Contains("not finite", Refusal(file.Path), StringComparison.Ordinal);
    }

    private static byte[] Npy(Tensor tensor)
    {
        using MemoryStream stream = new();
        NumpyFileWriter.Write(stream, tensor);
        return stream.ToArray();
    }

    private static string Refusal(string path) => Assert.Throws<WeightsException>(() => LatentCodes.Read(path)).Message;
}
