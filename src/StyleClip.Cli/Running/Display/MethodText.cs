using System.Text.Json;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Cli.Running.Display;

/// <summary>How a job's result is made, and what the file of it is called.</summary>
internal static class MethodText
{
    /// <summary>What is not worth a column where all are so.</summary>
    public const string Usual = "mapper";

    public static string Of(JobStatus job) => Of(job.Method, job.Table);

    /// <summary>mapper, direction, optimization or table.</summary>
    public static string Of(EditMethod? method, DirectionTableSpec? table = null) =>
        table is not null ? "table" : JsonNamingPolicy.CamelCase.ConvertName((method ?? EditMethod.Mapper).ToString());

    /// <summary>mapper, direction, latents or table.</summary>
    public static string Result(EditMethod? method, DirectionTableSpec? table = null) =>
        table is null && method == EditMethod.Optimization ? "latents" : Of(method, table);

    /// <summary>Such as <c>mapper.safetensors</c>.</summary>
    public static string FileName(EditMethod? method, DirectionTableSpec? table = null) => $"{Result(method, table)}.safetensors";
}
