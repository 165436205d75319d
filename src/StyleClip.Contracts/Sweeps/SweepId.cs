using System.Text.Json.Serialization;
using StyleClip.Contracts.Json;

namespace StyleClip.Contracts.Sweeps;

/// <summary>Name of a sweep and eight digits of what it asks for: the same spec has the same id on every store.</summary>
[JsonConverter(typeof(SweepIdJsonConverter))]
public readonly record struct SweepId(string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value;
}
