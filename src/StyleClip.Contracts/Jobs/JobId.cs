using System.Text.Json;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Jobs;

/// <summary>Sixteen digits of the hash of what the job computes.</summary>
[JsonConverter(typeof(JobIdJsonConverter))]
public readonly record struct JobId(string Value)
{
    /// <summary>The id of <paramref name="spec"/>: equal specs have equal ids, wherever they are planned.</summary>
    public static JobId Of(JobSpec spec) =>
        new(Digest.Of(JsonSerializer.SerializeToUtf8Bytes(spec, ContractJson.Canonical)).Hex[..16]);

    /// <inheritdoc/>
    public override string ToString() => Value;
}
