using System.Buffers.Binary;
using System.Text;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights;

public sealed class SafetensorsReaderTests
{
    [Fact]
    public void A_file_laid_out_by_hand_gives_its_tensors_and_metadata()
    {
        byte[] data = new byte[12];
        BinaryPrimitives.WriteSingleLittleEndian(data, 1.5f);
        BinaryPrimitives.WriteInt64LittleEndian(data.AsSpan(4), -7);
        using StateDict read = Read("""{"a":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]},"__metadata__":{"k":"v"},"../b":{"dtype":"I64","shape":[],"data_offsets":[4,12]}}   """, data);
        Assert.Equal(["../b", "a"], read.Keys);
        Assert.Equal([1L, 1L], read["a"].shape);
        Assert.Equal(1.5f, read["a"].item<float>());
        Assert.Equal(-7L, read["../b"].item<long>());
        Assert.Equal("v", read.Metadata["k"]);
    }

    [Theory]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 7, "truncated")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 9, "1 bytes after the last tensor")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}""", 12, "hole from byte 0 to 4")]
    [InlineData("""{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]},"b":{"dtype":"U8","shape":[2],"data_offsets":[1,3]}}""", 3, "overlaps")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", 4, "takes 8 bytes")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[8,0]}}""", 8, "offsets 8 to 0")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-2],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2.5],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,8]}}""", 8, "whole numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,8]}}""", 8, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4294967296,4294967296],"data_offsets":[0,0]}}""", 0, "overflows")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0]}}""", 8, "two data_offsets")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8,9]}}""", 8, "more than 2")]
    [InlineData("""{"a":{"dtype":"C64","shape":[1],"data_offsets":[0,8]}}""", 8, "\"C64\"")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[0],"data_offsets":[8,8]}}""", 8, "\"a\" occurs twice")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", 8, "\"dtype\" twice")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"x":1}}""", 8, "unknown field \"x\"")]
    [InlineData("""{"a":{"shape":[2],"data_offsets":[0,8]}}""", 8, "must have dtype")]
    [InlineData("""{"a":5}""", 8, "must be StartObject")]
    [InlineData("""{"__metadata__":{"k":1}}""", 0, "must be String")]
    [InlineData("""{"__metadata__":{"k":"1","k":"2"}}""", 0, "\"k\" occurs twice")]
    [InlineData("""{"\ud800":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}""", 0, "not valid JSON")]
    [InlineData("""{"a":""", 0, "not valid JSON")]
    [InlineData("""{} {}""", 0, "not valid JSON")]
    [InlineData("[]", 0, "must be StartObject")]
    [InlineData("", 0, "not valid JSON")]
    [InlineData("""{"a":{"dtype":"BOOL","shape":[1],"data_offsets":[0,1]}}""", 1, "other than 0 and 1")]
    public void A_damaged_file_is_refused_with_one_clear_message(string header, int dataBytes, string expected)
    {
        byte[] data = new byte[dataBytes];
        data.AsSpan().Fill(2);
        WeightsException error = Assert.Throws<WeightsException>(() => Read(header, data));
        Assert.StartsWith("test.safetensors: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, "begins with 8 bytes")]
    [InlineData(7, "begins with 8 bytes")]
    [InlineData(8, "only 0 follow")]
    public void A_file_too_short_for_its_header_is_refused(int length, string expected)
    {
        byte[] bytes = new byte[length];
        if (length == 8) bytes[0] = 2;
        using MemoryStream stream = new(bytes);
        Assert.Contains(expected, Assert.Throws<WeightsException>(() => SafetensorsReader.Read(stream, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_header_beyond_the_limit_is_refused_before_memory_is_taken()
    {
        byte[] bytes = new byte[16];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, ulong.MaxValue);
        using MemoryStream stream = new(bytes);
        Assert.Contains("the limit is 100000000", Assert.Throws<WeightsException>(() => SafetensorsReader.Read(stream, "x")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_mutation_is_refused_cleanly_or_read_within_bounds()
    {
        using Tensor a = arange(6, ScalarType.Float32);
        using Tensor b = ones(3, ScalarType.Bool);
        byte[] good = SafetensorsWriter.ToBytes(new Dictionary<string, Tensor> { ["a"] = a.reshape(2, 3), ["b.c"] = b }, new Dictionary<string, string> { ["k"] = "v" });
        Random random = new(20);
        for (int i = 0; i < 3000; i++)
        {
            using MemoryStream stream = new(Mutation.Of(good, random));
            try
            {
                using StateDict read = SafetensorsReader.Read(stream, "mutated");
                Assert.True(read.Values.Sum(tensor => tensor.numel() * tensor.element_size()) <= stream.Length);
            }
            catch (WeightsException)
            {
                // Refused cleanly.
            }
        }
    }

    private static StateDict Read(string header, byte[] data)
    {
        byte[] json = Encoding.UTF8.GetBytes(header);
        byte[] file = new byte[8 + json.Length + data.Length];
        BinaryPrimitives.WriteInt64LittleEndian(file, json.Length);
        json.CopyTo(file, 8);
        data.CopyTo(file, 8 + json.Length);
        using MemoryStream stream = new(file);
        return SafetensorsReader.Read(stream, "test.safetensors");
    }
}
