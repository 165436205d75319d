using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>
/// Compares computed tensors with those of a safetensors file under the same names and makes sure that none is left out. Where the
/// file has the float64 value (X@f64) that is what counts, because the recorded error is the distance from it.
/// </summary>
public sealed class SafetensorsComparison(ReferenceFile file, FileReport report)
{
    /// <summary>What is allowed at least: float32 itself.</summary>
    public const double LeastAllowance = 1e-6;

    private const string Float64 = "@f64";
    private const string FirstSteps = "@f64_first_steps";
    private const double Margin = 10;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);

    /// <summary>The names of the recorded tensors, without their float64 siblings.</summary>
    public IEnumerable<string> Names => file.Tensors.Keys.Where(name => !name.Contains('@', StringComparison.Ordinal));

    public bool Has(string name) => file.Tensors.ContainsKey(name);

    /// <summary>A recorded tensor that the computation starts from.</summary>
    public Tensor Input(string name)
    {
        _seen.Add(name);
        report.Listed(name, "input");
        return file.Tensors[name];
    }

    /// <summary>A recorded tensor that settles a shape; it must still be compared.</summary>
    public Tensor Recorded(string name) => file.Tensors[name];

    /// <summary>Compares one tensor.</summary>
    /// <param name="name">Its name in the file.</param>
    /// <param name="actual">What the product computed.</param>
    /// <param name="unrecorded">The allowance where the file records no float64 error.</param>
    /// <param name="least">The allowance where the recorded error is smaller than a tenth of this.</param>
    public void Compare(string name, Tensor actual, double unrecorded = LeastAllowance, double least = LeastAllowance)
    {
        _seen.Add(name);
        if (!file.Tensors.TryGetValue(name, out Tensor? recorded))
        {
            report.Fail(name, "is computed here but not recorded");
            return;
        }

        try
        {
            double allowance = file.RecordedError(name) is { } error ? Math.Max(least, Margin * error) : unrecorded;
            Tensor expected = file.Tensors.TryGetValue(name + Float64, out Tensor? precise) ? precise : recorded;
            report.Compared(name, TensorError.RelativeL2(actual, expected), allowance);
            if (file.Tensors.TryGetValue(name + FirstSteps, out Tensor? first))
            {
                using Tensor rows = actual.narrow(0, 0, first.shape[0]);
                report.Compared(name + FirstSteps, TensorError.RelativeL2(rows, first), allowance);
            }
        }
        catch (InvalidDataException mismatch)
        {
            report.Fail(name, mismatch.Message);
        }
    }

    /// <summary>Compares all but a share of the elements, where single ones may go elsewhere.</summary>
    public void CompareMost(string name, Tensor actual, double leftOut, double allowance)
    {
        _seen.Add(name);
        try
        {
            report.Compared(name, TensorError.TrimmedRelativeL2(actual, file.Tensors[name], leftOut), allowance);
        }
        catch (InvalidDataException mismatch)
        {
            report.Fail(name, mismatch.Message);
        }
    }

    /// <summary>Compares whole numbers: none may differ.</summary>
    public void CompareExactly(string name, Tensor actual) => CompareWholeNumbers(name, actual, 0);

    /// <summary>Compares whole numbers of which a share may differ, by one step each.</summary>
    public void CompareWholeNumbers(string name, Tensor actual, double allowedShare)
    {
        _seen.Add(name);
        if (!file.Tensors.TryGetValue(name, out Tensor? recorded))
        {
            report.Fail(name, "is computed here but not recorded");
            return;
        }

        try
        {
            long differing = TensorError.Differing(actual, recorded);
            using Tensor step = actual.to(ScalarType.Int64).sub(recorded.to(ScalarType.Int64)).abs().max();
            bool small = step.ToInt64() <= 1 || allowedShare == 0;
            report.Compared(name, small ? (double)differing / recorded.NumberOfElements : double.PositiveInfinity, allowedShare);
        }
        catch (InvalidDataException mismatch)
        {
            report.Fail(name, mismatch.Message);
        }
    }

    /// <summary>Fails every tensor of the file that was not looked at.</summary>
    public void Finish()
    {
        foreach (string name in Names.Where(name => !_seen.Contains(name))) report.Fail(name, "is recorded but nothing here computes it");
    }
}
