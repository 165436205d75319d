using System.Diagnostics;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Numpy;

public sealed class NumpyPickleWriterTests
{
    private const string Python = "/usr/bin/python3"; // the one that Debian's python3-numpy belongs to

    [Fact]
    public void Lists_of_arrays_come_back_through_our_own_reader()
    {
        using TemporaryFile file = new(Bytes());
        using TorchFile read = TorchFileReader.Read(file.Path);
        List<object?> lists = Assert.IsType<List<object?>>(read.Root);
        NumpyArray[][] arrays = [.. lists.Select(list => Assert.IsType<List<object?>>(list).Cast<NumpyArray>().ToArray())];
        Assert.Equal([2, 1], arrays.Select(list => list.Length));
        using Tensor matrix = arrays[0][1].ToTensor(), numbers = arrays[1][0].ToTensor();
        Assert.Equal([0f, 3f, 1f, 4f, 2f, 5f], matrix.data<float>().ToArray());
        Assert.Equal([7f], numbers.data<float>().ToArray());
    }

    [Fact]
    public void Python_opens_them_with_pickle()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import numpy").ExitCode == 0, "Debian's python3-numpy is not installed.");
        using TemporaryFile file = new(Bytes());
        (int exitCode, string output) = Run($"""
            import pickle
            a, b = pickle.load(open('{file.Path}', 'rb'))
            a[0] += 1
            print(type(a).__name__, a[0].dtype, a[0].tolist(), a[1].tolist(), b[0].shape, b[0].tolist())
            """);
        Assert.True(exitCode == 0, output);
        Assert.Equal("list float32 [1.5, -0.25] [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] (1,) [7.0]\n", output);
    }

    private static byte[] Bytes()
    {
        using DisposeScope scope = NewDisposeScope();
        using MemoryStream stream = new();
        NumpyPickleWriter.Write(stream, [tensor([0.5, -1.25]), arange(6, ScalarType.Float32).reshape(2, 3).t()], [tensor([7f])]);
        return stream.ToArray();
    }

    private static (int ExitCode, string Output) Run(string program)
    {
        using Process process = Process.Start(new ProcessStartInfo(Python, ["-c", program]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        Task<string> errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : errors.GetAwaiter().GetResult());
    }
}
