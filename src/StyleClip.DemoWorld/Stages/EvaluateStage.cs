using System.Diagnostics;
using System.Globalization;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.Pictures;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Packs;

namespace StyleClip.DemoWorld.Stages;

/// <summary>Trains a mapper for each prompt of the quality check, measures it on held-out faces and draws before/after strips.</summary>
internal sealed class EvaluateStage(FaceWorld world)
{
    private const int StripFaces = 8;

    /// <returns>Whether every prompt reached its targets.</returns>
    public bool Run(string packDirectory, string? stripDirectory, IEnumerable<EditPrompt> prompts, int steps)
    {
        using FrozenNetworks pack = FrozenNetworks.Load(packDirectory);
        var measurement = new EditMeasurement(pack, world);
        DescribeReadings(pack);
        using var workshop = new MapperWorkshop(pack, steps);
        bool allReached = true;
        Console.WriteLine("| prompt | had it | has it | conversion | identity | CLIP cosine | other flips | seconds | |");
        Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
        foreach (EditPrompt prompt in prompts)
        {
            var clock = Stopwatch.StartNew();
            using TrainedEdit mapper = workshop.Train(prompt.Text);
            double seconds = clock.Elapsed.TotalSeconds;
            EditReport report = measurement.Measure(prompt, mapper.Apply);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {prompt.Text} | {report.HadIt:p1} | {report.HasIt:p1} | {report.Conversion:p1} | {report.Identity:f3} | {report.ClipBefore:f2} -> {report.ClipAfter:f2} | {report.Flips:p1} | {seconds:f0} | {string.Join("; ", report.Failures)} |"));
            allReached &= report.Failures.IsEmpty;
            if (stripDirectory is not null) DrawStrip(measurement, prompt, mapper, Path.Combine(stripDirectory, $"{prompt.Text.Replace(' ', '-')}.png"));
        }
        return allReached;
    }

    private void DescribeReadings(FrozenNetworks pack)
    {
        ReadingQuality drawn = ReadingQuality.OfDrawn(pack.Attributes!, world, 0, ReadingQuality.HeldOutFaces);
        ReadingQuality generated = ReadingQuality.OfGenerated(pack.Attributes!, pack, world, 0, ReadingQuality.HeldOutFaces);
        Console.WriteLine("| attribute | R2, drawn | generated | agreement, drawn | generated |");
        Console.WriteLine("| --- | --- | --- | --- | --- |");
        foreach (var (first, second) in drawn.Rows().Zip(generated.Rows()))
            Console.WriteLine(FormattableString.Invariant($"| {first.Name} | {first.Explained:f2} | {second.Explained:f2} | {first.Percent:f1} % | {second.Percent:f1} % |"));
        Console.WriteLine();
    }

    private void DrawStrip(EditMeasurement measurement, EditPrompt prompt, TrainedEdit mapper, string path)
    {
        using var sheet = new ContactSheet(StripFaces, 2, world.Size);
        int column = 0;
        foreach ((float[] before, float[] after) in measurement.Pictures(prompt, mapper.Apply, StripFaces))
        {
            sheet.Put(column, 0, before);
            sheet.Put(column++, 1, after);
        }
        sheet.Save(path);
    }
}
