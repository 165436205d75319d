using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace StyleClip.Contracts.Json;

/// <summary>The one JSON form of contract records: on disk, between grains and over HTTP.</summary>
public static class ContractJson
{
    /// <summary>camelCase names, enums as camelCase strings, nulls left out, unknown members refused, indented.</summary>
    public static JsonSerializerOptions Options { get; } = Make(indented: true);

    /// <summary><see cref="Options"/> without white space. Its bytes are what content-derived ids are computed from.</summary>
    public static JsonSerializerOptions Canonical { get; } = Make(indented: false);

    /// <summary>UTF-8 bytes of <paramref name="value"/>, ending in a line feed.</summary>
    public static byte[] ToBytes<T>(T value) => [.. JsonSerializer.SerializeToUtf8Bytes(value, Options), (byte)'\n'];

    /// <summary>Reads <typeparamref name="T"/> from UTF-8 bytes.</summary>
    /// <param name="utf8">The document.</param>
    /// <param name="place">What the document is, for the message of the exception.</param>
    /// <exception cref="InvalidDataException">The bytes are not JSON of this record.</exception>
    public static T FromBytes<T>(ReadOnlySpan<byte> utf8, string place)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(utf8, Options) ?? throw new InvalidDataException($"{place} is JSON null.");
        }
        catch (JsonException exception)
        {
            throw new InvalidDataException($"{place} is not a valid {typeof(T).Name}: {exception.Message}", exception);
        }
    }

    /// <summary>Gives other options this form: those of a web server, whose options are made elsewhere.</summary>
    /// <param name="options">Options that have not been used yet.</param>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        options.NewLine = "\n";
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping; // prompts stay readable; the documents are never inlined in HTML
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        options.NumberHandling = JsonNumberHandling.Strict;
        options.MaxDepth = 32;
        options.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
    }

    private static JsonSerializerOptions Make(bool indented)
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = indented };
        Configure(options);
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
