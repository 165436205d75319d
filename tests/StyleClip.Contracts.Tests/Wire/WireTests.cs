using System.Collections;
using System.Reflection;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Wire;

/// <summary>
/// The JSON of contract records is on disks and between versions. Fields may be added as optional; a changed or renamed one fails here.
/// After adding a field, STYLECLIP_WRITE_WIRE=1 writes the files anew.
/// </summary>
public sealed class WireTests
{
    // Records of the spec reader's interface: they are told to people, never sent.
    private static readonly Type[] NotOnTheWire = [typeof(SpecDocument), typeof(SweepSpecContext)];

    public static TheoryData<string> Names => [.. Samples.All.Select(sample => sample.GetType().Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_format_of_a_record_does_not_change(string name)
    {
        string json = Encoding.UTF8.GetString(ContractJson.ToBytes(SampleOf(name)));
        string path = RepositoryFiles.PathOf("tests", "StyleClip.Contracts.Tests", "Wire", name + ".json");
        if (Environment.GetEnvironmentVariable("STYLECLIP_WRITE_WIRE") == "1") File.WriteAllText(path, json);
        Assert.Equal(File.ReadAllText(path), json);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_record_comes_back_as_it_went(string name)
    {
        object sample = SampleOf(name);
        string json = JsonSerializer.Serialize(sample, sample.GetType(), ContractJson.Canonical);
        object? back = JsonSerializer.Deserialize(json, sample.GetType(), ContractJson.Options);
        Assert.Equal(json, JsonSerializer.Serialize(back, sample.GetType(), ContractJson.Canonical));
    }

    [Fact]
    public void Every_member_of_every_record_is_in_a_sample()
    {
        // One that is left out of the JSON could change its name unseen.
        var seen = new HashSet<PropertyInfo>();
        foreach (object sample in Samples.All) Collect(sample, seen);
        IEnumerable<PropertyInfo> members = typeof(ContractJson).Assembly.GetExportedTypes()
            .Where(type => type.GetMethod("<Clone>$") is not null)
            .Except(NotOnTheWire)
            .SelectMany(MembersOf);
        Assert.Equal([], members.Except(seen).Select(member => $"{member.DeclaringType!.Name}.{member.Name}"));
    }

    [Fact]
    public void An_unknown_member_is_refused()
    {
        JsonNode json = JsonSerializer.SerializeToNode(Samples.JobSpec, ContractJson.Options)!;
        json["surprise"] = 1;
        InvalidDataException refused = Assert.Throws<InvalidDataException>(
            () => ContractJson.FromBytes<StyleClip.Contracts.Jobs.JobSpec>(Encoding.UTF8.GetBytes(json.ToJsonString()), "jobs/a"));
        Assert.Contains("jobs/a", refused.Message, StringComparison.Ordinal);
        Assert.Contains("surprise", refused.Message, StringComparison.Ordinal);
    }

    private static object SampleOf(string name) => Samples.All.Single(sample => sample.GetType().Name == name);

    private static void Collect(object value, HashSet<PropertyInfo> seen)
    {
        if (value is IDictionary dictionary) value = dictionary.Values;
        if (value is IEnumerable list and not string)
        {
            foreach (object item in list) Collect(item, seen);
            return;
        }

        if (value.GetType().Assembly != typeof(ContractJson).Assembly) return;
        foreach (PropertyInfo member in MembersOf(value.GetType()))
        {
            if (member.GetValue(value) is not { } inner) continue;
            seen.Add(member);
            Collect(inner, seen);
        }
    }

    private static IEnumerable<PropertyInfo> MembersOf(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(member => member.SetMethod is not null);
}
