using System.Text;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights;

public sealed class SafetensorsWriterTests
{
    [Theory]
    [InlineData(ScalarType.Float64)]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.BFloat16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Int32)]
    [InlineData(ScalarType.Int16)]
    [InlineData(ScalarType.Int8)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void Every_element_type_comes_back_as_it_was(ScalarType type)
    {
        using Tensor value = arange(12).reshape(3, 4).to(type);
        using Tensor scalar = tensor(3).to(type);
        using Tensor none = zeros([0, 5], type);
        byte[] bytes = SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["value"] = value.t(), ["scalar"] = scalar, ["none"] = none });
        using StateDict read = Read(bytes);
        Assert.Equal(3, read.Count);
        foreach ((string name, Tensor expected) in new[] { ("value", value.t()), ("scalar", scalar), ("none", none) })
        {
            Assert.Equal(type, read[name].dtype);
            Assert.Equal(expected.shape, read[name].shape);
            Assert.True(read[name].equal(expected).all().item<bool>());
        }
    }

    [Fact]
    public void The_same_tensors_give_the_same_bytes_whatever_their_order_and_layout()
    {
        using Tensor half = ones(3, ScalarType.Float16);
        using Tensor square = arange(9f).reshape(3, 3);
        using Tensor transposedTwice = square.t().contiguous().t();
        byte[] first = SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["b"] = square, ["a"] = half }, new Dictionary<string, string> { ["y"] = "1", ["x"] = "2" });
        byte[] second = SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["a"] = half, ["b"] = transposedTwice }, new Dictionary<string, string> { ["x"] = "2", ["y"] = "1" });
        Assert.Equal(first, second);
        Assert.Equal(0, first[0] % 8);
        string header = Encoding.UTF8.GetString(first, 8, first[0]);
        Assert.Equal("""{"__metadata__":{"x":"2","y":"1"},"a":{"dtype":"F16","shape":[3],"data_offsets":[36,42]},"b":{"dtype":"F32","shape":[3,3],"data_offsets":[0,36]}}""", header.TrimEnd());
    }

    [Fact]
    public void A_file_replaces_the_one_before_it_and_leaves_no_partial()
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            string path = Path.Combine(folder, "w.safetensors");
            for (int i = 0; i < 2; i++)
            {
                using Tensor value = full(4, (float)i);
                SafetensorsWriter.Write(path, new Dictionary<string, Tensor> { ["v"] = value });
                using StateDict read = SafetensorsReader.Read(path);
                Assert.Equal(4.0 * i, read["v"].sum().item<float>());
            }

            Assert.Equal([path], Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void What_the_format_cannot_hold_is_refused_by_name()
    {
        using Tensor complex = zeros(2, ScalarType.ComplexFloat32);
        using Tensor plain = zeros(2);
        Assert.Contains("ComplexFloat32", Assert.Throws<WeightsException>(() => SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["c"] = complex })).Message, StringComparison.Ordinal);
        Assert.Contains("reserves", Assert.Throws<WeightsException>(() => SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["__metadata__"] = plain })).Message, StringComparison.Ordinal);
    }

    private static StateDict Read(byte[] bytes)
    {
        using MemoryStream stream = new(bytes);
        return SafetensorsReader.Read(stream, "test");
    }
}
