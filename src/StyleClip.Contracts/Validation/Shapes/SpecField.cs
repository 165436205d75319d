using System.Reflection;
using System.Text.Json.Nodes;

namespace StyleClip.Contracts.Validation.Shapes;

/// <summary>A field of a mapping.</summary>
/// <param name="Name">Its key.</param>
/// <param name="Shape">What may stand there.</param>
/// <param name="Member">The member of the record that it becomes, for its description.</param>
/// <param name="IsRequired">True where it must be there.</param>
/// <param name="Default">What it is where it is absent, for the editor.</param>
/// <param name="Description">What it means, for a field that is no member.</param>
internal sealed record SpecField(
    string Name, SpecShape Shape, MemberInfo? Member = null, bool IsRequired = false, JsonNode? Default = null, string? Description = null);
