using System.Text.Json;
using System.Text.Json.Serialization;
using StyleClip.Contracts.Library;

namespace StyleClip.Contracts.Json;

/// <summary>Writes a <see cref="Digest"/> as one JSON string.</summary>
internal sealed class DigestJsonConverter : JsonConverter<Digest>
{
    public override Digest Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Digest.TryParse(reader.GetString(), out Digest digest) ? digest : throw new JsonException("Not a sha256 digest.");

    public override void Write(Utf8JsonWriter writer, Digest value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
