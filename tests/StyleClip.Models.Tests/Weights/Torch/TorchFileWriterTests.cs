using System.Diagnostics;
using StyleClip.Models.Weights;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Weights.Torch;

public sealed class TorchFileWriterTests
{
    private const string Python = "/usr/bin/python3"; // the one that Debian's python3-torch belongs to

    [Fact]
    public void What_is_written_is_read_again()
    {
        using StateDict weights = Weights();
        using TemporaryFile file = new(Bytes(weights));
        using TorchFile read = TorchFileReader.Read(file.Path);
        using StateDict tensors = read.StateDict("state_dict");
        Assert.Equal(weights.Keys, tensors.Keys);
        foreach ((string key, Tensor tensor) in tensors)
        {
            Assert.Equal(weights[key].dtype, tensor.dtype);
            Assert.True(tensor.equal(weights[key]).all().item<bool>(), key);
        }

        Assert.Equal("purple häir", read.Get("opts/description"));
        Assert.Equal(0.1, read.Get("opts/strength"));
        Assert.Equal(1L << 40, read.Get("opts/large"));
        Assert.Equal(-5L, read.Get("opts/small"));
        Assert.Equal(true, read.Get("opts/flag"));
        Assert.Null(read.Get("opts/checkpoint_path"));
        Assert.Equal([1L, "two"], Assert.IsType<List<object?>>(read.Get("opts/list")));
    }

    [Fact]
    public void The_same_values_give_the_same_bytes()
    {
        using StateDict first = Weights(), second = Weights();
        Assert.Equal(Bytes(first), Bytes(second));
    }

    [Fact]
    public void A_value_that_is_not_plain_is_refused()
    {
        using MemoryStream stream = new();
        Assert.Contains("DateTime", Assert.Throws<WeightsException>(() => TorchFileWriter.Write(stream, DateTime.MinValue)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PyTorch_opens_the_file_with_and_without_its_restricted_loader()
    {
        Assert.SkipUnless(File.Exists(Python) && Run("import torch").ExitCode == 0, "Debian's python3-torch is not installed.");
        using StateDict weights = Weights();
        using TemporaryFile file = new(Bytes(weights));
        using MemoryStream stream = new();
        TorchFileWriter.Write(stream, weights);
        using TemporaryFile bare = new(stream.ToArray()); // PyTorch before 2.0 knows no floating-point numbers in its restricted loader
        (int exitCode, string output) = Run($"""
            import torch
            d = torch.load('{file.Path}', map_location='cpu', weights_only=False)
            s, o = d['state_dict'], d['opts']
            print(type(s).__name__, ' '.join(s), s['a.matrix'].tolist(), s['b.half'].dtype, s['c.count'].item(), s['d.flags'].tolist(), s['e.empty'].shape[1])
            print(o['description'], o['strength'], o['large'], o['small'], o['flag'], o['checkpoint_path'], o['list'])
            s = torch.load('{bare.Path}', map_location='cpu', weights_only=True)
            print(type(s).__name__, ' '.join(s), s['a.matrix'].tolist())
            """);
        Assert.True(exitCode == 0, output);
        Assert.Equal(
            "OrderedDict a.matrix b.half c.count d.flags e.empty [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]] torch.float16 7 [True, False] 3\n"
            + "purple häir 0.1 1099511627776 -5 True None [1, 'two']\n"
            + "OrderedDict a.matrix b.half c.count d.flags e.empty [[0.0, 3.0], [1.0, 4.0], [2.0, 5.0]]\n", output);
    }

    private static StateDict Weights() => new(
    [
        KeyValuePair.Create("a.matrix", arange(6, ScalarType.Float32).reshape(2, 3).t()),
        KeyValuePair.Create("b.half", ones(2, ScalarType.Float16)),
        KeyValuePair.Create("c.count", tensor(7L)),
        KeyValuePair.Create("d.flags", tensor(new[] { true, false })),
        KeyValuePair.Create("e.empty", zeros(0, 3)),
    ]);

    private static byte[] Bytes(StateDict weights)
    {
        using MemoryStream stream = new();
        TorchFileWriter.Write(stream, new KeyValuePair<string, object?>[]
        {
            KeyValuePair.Create<string, object?>("state_dict", weights),
            KeyValuePair.Create<string, object?>("opts", new KeyValuePair<string, object?>[]
            {
                KeyValuePair.Create<string, object?>("description", "purple häir"), KeyValuePair.Create<string, object?>("strength", 0.1),
                KeyValuePair.Create<string, object?>("large", 1L << 40), KeyValuePair.Create<string, object?>("small", -5),
                KeyValuePair.Create<string, object?>("flag", true), KeyValuePair.Create<string, object?>("checkpoint_path", null),
                KeyValuePair.Create<string, object?>("list", new object[] { 1, "two" }),
            }),
        });
        return stream.ToArray();
    }

    private static (int ExitCode, string Output) Run(string script)
    {
        ProcessStartInfo start = new(Python, ["-c", script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.GetAwaiter().GetResult());
    }
}
