using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Numpy;

public sealed class NumpyFileTests
{
    [Fact]
    public void A_file_of_numpy_is_read()
    {
        using Tensor codes = NumpyFileReader.Read(Golden.Path("upstream/w_plus.npy"));
        Assert.Equal((ScalarType.Float64, "[2, 6, 16]"), (codes.dtype, Shape.Format(codes.shape)));
        Assert.Equal(Enumerable.Range(0, 192).Select(i => (double)i), codes.data<double>());
    }

    [Fact]
    public void Column_major_order_is_turned()
    {
        using Tensor matrix = NumpyFileReader.Read(Golden.Path("upstream/column_major.npy"));
        Assert.Equal([2L, 3L], matrix.shape);
        Assert.Equal([0f, 1, 2, 3, 4, 5], matrix.data<float>());
    }

    [Theory]
    [InlineData(ScalarType.Float32)]
    [InlineData(ScalarType.Float16)]
    [InlineData(ScalarType.Int64)]
    [InlineData(ScalarType.Byte)]
    [InlineData(ScalarType.Bool)]
    public void What_is_written_is_read_again(ScalarType type)
    {
        using Tensor numbers = arange(24).reshape(4, 6).to(type);
        using Tensor transposed = numbers.t();
        using MemoryStream stream = new();
        NumpyFileWriter.Write(stream, transposed);
        Assert.Equal(0, (stream.Length - (24 * numbers.element_size())) % 64);
        stream.Position = 0;
        using Tensor read = NumpyFileReader.Read(stream, "the stream");
        Assert.Equal((type, "[6, 4]"), (read.dtype, Shape.Format(read.shape)));
        Assert.True(read.equal(transposed).all().item<bool>());
    }

    [Theory]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ", 24, null)]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (), ", 4, null)]
    [InlineData("'shape': (3,), 'fortran_order': True, 'descr': '|b1'", 3, "bytes other than 0 and 1")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ", 23, "24 bytes; 23 follow")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ", 25, "24 bytes; 25 follow")]
    [InlineData("'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), ", 24, "\">f4\", which is not read")]
    [InlineData("'descr': '|O', 'fortran_order': False, 'shape': (2, 3), ", 24, "Python objects")]
    [InlineData("'descr': '<c8', 'fortran_order': False, 'shape': (3,), ", 24, "\"<c8\", which is not read")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (-2, 3), ", 24, "must be a tuple of whole numbers")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (999999999999, 999999999999, 999999999999), ", 24, "overflows")]
    [InlineData("'descr': '<f4', 'fortran_order': False, 'shape': (0, 999999999999, 999999999999), ", 0, "overflows")]
    [InlineData("'descr': '<f4', 'shape': (2, 3), ", 24, "lacks fortran_order")]
    [InlineData("'descr': '<f4', 'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), ", 24, "descr twice")]
    [InlineData("__import__('os'): 1", 24, "not a dict")]
    public void A_header_is_checked_against_the_data(string header, int bytes, string? expected)
    {
        string text = $"{{{header}}}\n";
        byte[] file = [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, 0, .. System.Text.Encoding.ASCII.GetBytes(text), .. Enumerable.Repeat((byte)7, bytes)];
        using TemporaryFile temporary = new(file);
        if (expected is null) NumpyFileReader.Read(temporary.Path).Dispose();
        else Assert.Contains(expected, Assert.Throws<WeightsException>(() => NumpyFileReader.Read(temporary.Path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_array_of_objects_is_refused() =>
        Assert.Contains("Python objects", Assert.Throws<WeightsException>(() => NumpyFileReader.Read(Golden.Path("upstream/objects.npy"))).Message, StringComparison.Ordinal);

    [Fact]
    public void Plain_pickles_of_arrays_are_read()
    {
        using TorchFile statistics = TorchFileReader.Read(Golden.Path("upstream/s_mean_std.pkl"));
        List<object?> halves = Assert.IsType<List<object?>>(statistics.Root);
        List<object?> deviations = Assert.IsType<List<object?>>(halves[1]);
        using Tensor last = Assert.IsType<NumpyArray>(deviations[^1]).ToTensor();
        Assert.Equal([0f, 1, 2, 3, 4, 5, 6, 7], last.data<float>());

        using TorchFile codes = TorchFileReader.Read(Golden.Path("upstream/s_codes.pkl"));
        using Tensor first = Assert.IsType<NumpyArray>(Assert.IsType<List<object?>>(codes.Root)[0]).ToTensor();
        Assert.Equal([3L, 1, 16, 1, 1], first.shape);
        Assert.Equal(47f / 7, first.data<float>()[47]);
    }
}
