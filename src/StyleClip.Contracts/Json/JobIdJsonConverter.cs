using System.Text.Json;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Jobs;

namespace StyleClip.Contracts.Json;

/// <summary>Writes a <see cref="JobId"/> as one JSON string.</summary>
internal sealed class JobIdJsonConverter : JsonConverter<JobId>
{
    public override JobId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A job id is a string."));

    public override void Write(Utf8JsonWriter writer, JobId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
