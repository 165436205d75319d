using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using StyleClip.Models.Weights;
using StyleClip.Parity.Families;
using StyleClip.Training.Devices;
using TorchSharp;

namespace StyleClip.Parity;

/// <summary>Computes every number of a reference set with the product's code and says where they differ.</summary>
public static class ParityProgram
{
    private const int Agreed = 0;
    private const int Differed = 1;
    private const int Misused = 2;

    /// <summary>In the order in which they are asked; the first that recognises a file takes it.</summary>
    public static IReadOnlyList<IParityFamily> Families { get; } =
    [
        new CompanionFamily(),
        new ManifestFamily(),
        new StyleGan2Family(),
        new MapperFamily(),
        new RangerFamily(),
        new ClipFamily(),
        new ClipCheckpointFamily(),
        new ClipResizeFamily(),
        new TokenizerFamily(),
        new IrSeFamily(),
        new CoachFamily(),
        new CoachCheckpointFamily(),
        new GeneratorCheckpointFamily(),
        new LatentsFileFamily(),
        new TrainFamily(),
        new LatentOptimizationFamily(),
        new GlobalDirectionsFamily(),
    ];

    /// <returns>0 where everything agrees, 1 where anything fails or is not understood, 2 for a wrong command line.</returns>
    public static int Run(IReadOnlyList<string> args, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(output);
        ParityArguments arguments;
        ReferenceSet set;
        try
        {
            arguments = ParityArguments.Parse(args);
            set = ReferenceSet.Open(arguments.Directory);
            foreach (string name in arguments.Only.Where(name => Families.All(family => family.Name != name)))
                throw new ArgumentException($"There is no family '{name}'; there are {string.Join(", ", Families.Select(family => family.Name))}.");
        }
        catch (Exception error) when (error is ArgumentException or InvalidDataException)
        {
            output.WriteLine(error.Message);
            output.WriteLine(ParityArguments.Usage);
            return Misused;
        }

        if (arguments.Threads is { } threads) torch.set_num_threads(threads);
        return arguments.ListOnly ? List(set, arguments, output) : Compare(set, arguments, output);
    }

    private static int List(ReferenceSet set, ParityArguments arguments, TextWriter output)
    {
        int unknown = 0;
        foreach (string name in set.Files())
        {
            using ReferenceFile file = new(set, name);
            IParityFamily? family = Recognize(file, out string problem);
            if (family is null && arguments.Only.Count == 0) unknown++;
            if (IsChosen(arguments, family)) output.WriteLine($"{name,-44} {family?.Name ?? problem}");
        }

        return unknown == 0 ? Agreed : Differed;
    }

    private static int Compare(ReferenceSet set, ParityArguments arguments, TextWriter output)
    {
        Stopwatch total = Stopwatch.StartNew();
        List<string> summary = [];
        int compared = 0, failed = 0;
        foreach (string name in set.Files())
        {
            using ReferenceFile file = new(set, name);
            Stopwatch watch = Stopwatch.StartNew();
            FileReport report = new(output);
            IParityFamily? family = Recognize(file, out string problem);
            if (!IsChosen(arguments, family)) continue;
            output.WriteLine($"{name} ({family?.Name ?? "?"})");
            if (family is null) report.Fail(name, problem);
            else Run(family, file, report);
            compared += report.Passed + report.Failed;
            failed += report.Failed;
            summary.Add(Line(name, family, report, watch.Elapsed));
            NativeMemory.Trim(); // The networks are large, and glibc keeps what they leave.
        }

        output.WriteLine();
        output.WriteLine("file                                     family            compared  failed  worst/allowed  seconds");
        foreach (string line in summary) output.WriteLine(line);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{compared} comparisons, {failed} failed, {total.Elapsed.TotalSeconds:0} s ({Cpu():0} s of processor), peak memory {PeakMegabytes():0} MB"));
        if (compared == 0) output.WriteLine("Nothing was compared.");
        return failed == 0 && compared > 0 ? Agreed : Differed;
    }

    private static IParityFamily? Recognize(ReferenceFile file, out string problem)
    {
        try
        {
            problem = "is of no known family";
            return Families.FirstOrDefault(family => family.Recognizes(file));
        }
        catch (Exception error) when (IsBadFile(error))
        {
            problem = $"could not be read: {error.Message}";
            return null;
        }
    }

    private static void Run(IParityFamily family, ReferenceFile file, FileReport report)
    {
        try
        {
            using DisposeScope scope = torch.NewDisposeScope();
            family.Run(file, report);
        }
        catch (Exception error)
        {
            // The edge of one file: whatever went wrong with it, the other files are still compared.
            string kind = IsBadFile(error) ? "could not be read" : "could not be computed";
            report.Fail(file.Name, $"{kind}: {error.GetType().Name}: {error.Message.ReplaceLineEndings(" ")}");
        }
    }

    private static bool IsBadFile(Exception error) =>
        error is WeightsException or IOException or InvalidDataException or JsonException or UnauthorizedAccessException;

    private static bool IsChosen(ParityArguments arguments, IParityFamily? family) =>
        arguments.Only.Count == 0 || (family is not null && arguments.Only.Contains(family.Name));

    private static string Line(string name, IParityFamily? family, FileReport report, TimeSpan elapsed) => string.Create(
        CultureInfo.InvariantCulture,
        $"{name,-40} {family?.Name ?? "?",-16} {report.Passed + report.Failed,9} {report.Failed,7} {report.WorstShare,14:0.000} {elapsed.TotalSeconds,8:0.0}");

    private static double Cpu()
    {
        using Process process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private static double PeakMegabytes()
    {
        using Process process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / 1048576.0;
    }
}
