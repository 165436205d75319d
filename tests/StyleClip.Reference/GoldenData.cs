using System.Text.Json;
using StyleClip.Models.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Reference;

/// <summary>One file of recorded numbers with its tolerances; disposing it disposes its tensors.</summary>
public sealed class GoldenData : IDisposable
{
    private const double Factor = 10;
    private const double LeastAllowance = 1e-6;

    private readonly StateDict _recorded;
    private readonly JsonDocument _tolerances;

    /// <summary>Opens <c>NAME.safetensors</c> and <c>NAME.tolerance.json</c> of a directory, by default the repository's own.</summary>
    public GoldenData(string name, string? directory = null)
    {
        directory ??= RepositoryDirectory;
        _recorded = SafetensorsReader.Read(Path.Combine(directory, name + ".safetensors"));
        _tolerances = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(directory, name + ".tolerance.json")));
    }

    /// <summary>What every seed key of the repository's golden data begins with.</summary>
    public static string Prefix => "A:";

    /// <summary>tests/Golden of the working tree that this program was built from.</summary>
    public static string RepositoryDirectory { get; } = Find();

    /// <summary>Settings written into the file.</summary>
    public IReadOnlyDictionary<string, string> Metadata => _recorded.Metadata;

    /// <summary>A recorded tensor.</summary>
    public Tensor this[string key] => _recorded[key];

    /// <summary>Ten times the recorded difference of float32 to float64, at least 1e-6.</summary>
    public double Allowance(string key) =>
        _tolerances.RootElement.TryGetProperty(key, out JsonElement entry) && entry.TryGetProperty("rel_l2", out JsonElement error)
            ? Math.Max(LeastAllowance, Factor * error.GetDouble())
            : LeastAllowance;

    /// <summary>L2 norm of the difference to the recorded tensor over its own L2 norm, in double.</summary>
    public double Error(string key, Tensor actual)
    {
        using DisposeScope scope = NewDisposeScope();
        Tensor expected = this[key].to(ScalarType.Float64);
        if (!actual.shape.SequenceEqual(expected.shape))
            throw new ArgumentException($"{key} has shape [{string.Join(", ", actual.shape)}]; recorded is [{string.Join(", ", expected.shape)}].", nameof(actual));
        Tensor difference = actual.detach().cpu().to(ScalarType.Float64) - expected;
        return difference.norm().ToDouble() / Math.Max(expected.norm().ToDouble(), double.Epsilon);
    }

    /// <summary>Throws unless the tensor is as near to the recorded one as it has to be.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message says by how much.</exception>
    public void Check(string key, Tensor actual)
    {
        double error = Error(key, actual);
        if (!(error <= Allowance(key)))
            throw new InvalidOperationException($"{key}: the relative L2 error is {error:E2}; {Allowance(key):E2} is allowed.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _recorded.Dispose();
        _tolerances.Dispose();
    }

    private static string Find()
    {
        for (string? at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            string candidate = Path.Combine(at, "tests", "Golden");
            if (Directory.Exists(candidate)) return candidate;
        }

        throw new DirectoryNotFoundException($"There is no tests/Golden above {AppContext.BaseDirectory}.");
    }
}
