using System.Globalization;
using System.Text.Json;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cli.Running.Display;

/// <summary>A job's numbers as people read them. Absent ones are a dash.</summary>
internal static class JobText
{
    public const string Absent = "-";

    public static string Phase(JobStatus job) => JsonNamingPolicy.CamelCase.ConvertName(job.Phase.ToString());

    public static string Steps(JobStatus job) => $"{job.Step}/{job.StepsTarget}";

    public static string Speed(JobStatus job) => Number(job.StepsPerSecond, "0.0");

    public static string Left(JobStatus job) => job is { StepsPerSecond: > 0 and var speed, Phase: JobPhase.Running }
        ? TimeSpan.FromSeconds((job.StepsTarget - job.Step) / speed).ToString(@"hh\:mm\:ss", CultureInfo.InvariantCulture)
        : Absent;

    public static string ClipLoss(JobStatus job) => Number(job.LastStep?.ClipLoss ?? job.LastValidation?.ClipLoss, "0.000");

    public static string IdentityLoss(JobStatus job) => Number(job.LastStep?.IdentityLoss ?? job.LastValidation?.IdentityLoss, "0.000");

    public static string LatentL2Loss(JobStatus job) => Number(job.LastStep?.LatentL2Loss ?? job.LastValidation?.LatentL2Loss, "0.0000");

    public static string ClipGain(JobStatus job) => Number(job.Best?.ClipGain, "+0.000;-0.000");

    public static string IdentitySimilarity(JobStatus job) => Number(job.Best?.IdentitySimilarity, "0.000");

    public static string Domain(JobStatus job) => Domain(job.Domain?.Verdict);

    public static string Domain(DomainVerdict? verdict) => verdict is { } known ? JsonNamingPolicy.CamelCase.ConvertName(known.ToString()) : Absent;

    public static string Seconds(JobStatus job) => Number(job.DeviceSeconds, "0.0");

    private static string Number(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? Absent;
}
