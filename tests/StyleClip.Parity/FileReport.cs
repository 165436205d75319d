using System.Globalization;

namespace StyleClip.Parity;

/// <summary>The comparisons of one file, printed as they come.</summary>
public sealed class FileReport(TextWriter output)
{
    public int Passed { get; private set; }

    public int Failed { get; private set; }

    /// <summary>The largest error in relation to what was allowed.</summary>
    public double WorstShare { get; private set; }

    /// <summary>One comparison; an error that is not a number fails.</summary>
    public void Compared(string name, double error, double allowance)
    {
        bool passed = error <= allowance;
        Count(passed);
        if (allowance > 0) WorstShare = Math.Max(WorstShare, double.IsNaN(error) ? double.PositiveInfinity : error / allowance);
        Print(passed ? "ok  " : "FAIL", name, string.Create(CultureInfo.InvariantCulture, $"error {error:0.0e+00}  allowed {allowance:0.0e+00}"));
    }

    /// <summary>A comparison without a number: ids, settings, keys.</summary>
    public void Matched(string name, bool matches, string what)
    {
        Count(matches);
        Print(matches ? "ok  " : "FAIL", name, what);
    }

    public void Fail(string name, string reason) => Matched(name, false, reason);

    /// <summary>Something that is not compared, and why that is right.</summary>
    public void Listed(string name, string why) => Print("--  ", name, why);

    private void Count(bool passed)
    {
        if (passed) Passed++;
        else Failed++;
    }

    private void Print(string verdict, string name, string rest) => output.WriteLine($"  {verdict}  {name,-72} {rest}");
}
