using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using StyleClip.Contracts.Json;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>Derives the mapping that a record is written as from the record itself and <see cref="SpecRules"/>.</summary>
internal static class RecordShape
{
    /// <summary>The mapping of a record.</summary>
    /// <param name="record">Its type.</param>
    /// <param name="example">A record with the required members set; its other members are the defaults.</param>
    /// <param name="leaveOut">JSON names of members that users do not write.</param>
    public static MappingShape Of(Type record, object example, params string[] leaveOut)
    {
        JsonNode defaults = JsonSerializer.SerializeToNode(example, record, ContractJson.Options)!;
        return new MappingShape(
        [
            .. ContractJson.Options.GetTypeInfo(record).Properties
                .Where(property => IsWritten(property) && !leaveOut.Contains(property.Name, StringComparer.Ordinal))
                .Select(property => new SpecField(
                    property.Name,
                    ShapeOf(record, property),
                    MemberOf(property),
                    property.IsRequired,
                    property.IsRequired || defaults[property.Name] is JsonObject ? null : defaults[property.Name])),
        ]);
    }

    private static bool IsWritten(JsonPropertyInfo property) => property.Set is not null;

    private static PropertyInfo MemberOf(JsonPropertyInfo property) => (PropertyInfo)property.AttributeProvider!;

    private static SpecShape ShapeOf(Type record, JsonPropertyInfo property)
    {
        PropertyInfo member = MemberOf(property);
        Type type = Nullable.GetUnderlyingType(member.PropertyType) ?? member.PropertyType;
        SpecShape shape = type switch
        {
            _ when type == typeof(int) || type == typeof(long) => new NumberShape(SpecRules.RangeOf(record, member.Name), isWhole: true),
            _ when type == typeof(double) => new NumberShape(SpecRules.RangeOf(record, member.Name), isWhole: false),
            _ when type == typeof(string) => SpecRules.TextOf(record, member.Name),
            { IsEnum: true } => type.IsDefined(typeof(FlagsAttribute)) ? new FlagsShape(type) : new ChoiceShape(type),
            _ => Of(type, Activator.CreateInstance(type)!),
        };
        return new NullabilityInfoContext().Create(member).WriteState == NullabilityState.Nullable ? new NullableShape(shape) : shape;
    }
}
