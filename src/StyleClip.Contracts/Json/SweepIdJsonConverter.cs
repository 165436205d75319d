using System.Text.Json;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Sweeps;

namespace StyleClip.Contracts.Json;

/// <summary>Writes a <see cref="SweepId"/> as one JSON string.</summary>
internal sealed class SweepIdJsonConverter : JsonConverter<SweepId>
{
    public override SweepId Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(reader.GetString() ?? throw new JsonException("A sweep id is a string."));

    public override void Write(Utf8JsonWriter writer, SweepId value, JsonSerializerOptions options) => writer.WriteStringValue(value.Value);
}
