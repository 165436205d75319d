using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using StyleClip.Gateway.Problems;

namespace StyleClip.Gateway.Sweeps;

/// <summary>The text of a spec in a request. JSON is read as the YAML that it is.</summary>
internal static class SpecBody
{
    public const long MaxBytes = 1_000_000;
    public const string Yaml = "application/yaml";
    public const string Json = "application/json";

    private static readonly string[] MediaTypes = [Yaml, Json, "application/x-yaml", "text/yaml", "text/x-yaml"];
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static async Task<(string? Text, ProblemResult? Refusal)> Read(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || !MediaTypes.Contains(type.MediaType.Value, StringComparer.OrdinalIgnoreCase))
            return (null, new ProblemResult(ProblemKind.UnsupportedMediaType, $"The spec is {request.ContentType ?? "of no media type"}; it must be {Yaml} or {Json}."));
        using var reader = new StreamReader(request.Body, Strict, detectEncodingFromByteOrderMarks: false);
        try
        {
            return (await reader.ReadToEndAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (DecoderFallbackException)
        {
            return (null, new ProblemResult(ProblemKind.InvalidRequest, "The spec is not UTF-8."));
        }
    }
}
