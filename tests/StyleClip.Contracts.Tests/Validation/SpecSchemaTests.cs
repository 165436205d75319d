using System.Text.Json.Nodes;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Validation;

public sealed class SpecSchemaTests
{
    private static readonly string SweepSchema = SpecSchema.Sweep(MemberDocs.Describe);
    private static readonly string ComparisonSchema = SpecSchema.Comparison(MemberDocs.Describe);
    private static readonly string RecipeSchema = SpecSchema.Recipe(MemberDocs.Describe);

    [Theory]
    [InlineData("sweep.schema.json")]
    [InlineData("recipe.schema.json")]
    [InlineData("comparison.schema.json")]
    public void The_committed_schema_is_the_one_that_the_readers_obey(string file)
    {
        string schema = file.Split('.')[0] switch { "sweep" => SweepSchema, "recipe" => RecipeSchema, _ => ComparisonSchema };
        string path = RepositoryFiles.PathOf("configs", "schema", file);
        // STYLECLIP_WRITE_SCHEMAS=1 writes the files anew after a change of the records or their rules.
        if (Environment.GetEnvironmentVariable("STYLECLIP_WRITE_SCHEMAS") == "1") File.WriteAllText(path, schema);
        Assert.Equal(schema, File.ReadAllText(path));
    }

    [Fact]
    public void The_schema_says_meaning_range_and_default()
    {
        JsonNode strength = JsonNode.Parse(RecipeSchema)!["properties"]!["mapper"]!["properties"]!["strength"]!;
        Assert.StartsWith("Factor on the mapper's output", strength["description"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal((0, 100, 0.1), (strength["exclusiveMinimum"]!.GetValue<double>(), strength["maximum"]!.GetValue<double>(), strength["default"]!.GetValue<double>()));
    }

    [Fact]
    public void The_shipped_files_obey_the_schemas()
    {
        foreach (string file in Directory.GetFiles(RepositoryFiles.PathOf("configs", "recipes"), "*.yaml"))
            Assert.True(Accepts(RecipeSchema, File.ReadAllText(file)), file);
        foreach (string file in Directory.GetFiles(RepositoryFiles.PathOf("configs", "sweeps"), "*.yaml"))
            Assert.True(Accepts(SweepSchema, File.ReadAllText(file)), file);
        foreach (string file in Directory.GetFiles(RepositoryFiles.PathOf("configs", "comparisons"), "*.yaml"))
            Assert.True(Accepts(ComparisonSchema, File.ReadAllText(file)), file);
    }

    [Theory]
    [InlineData("name: n\nsteps: 1", true)]
    [InlineData("name: n\nsteps: 10000000\nmapper: {levels: [coarse, fine]}", true)]
    [InlineData("name: n\nsteps: 5\nmapper: {levels: medium}\nearlyStopping: null", true)]
    [InlineData("name: n\nsteps: 5\noptimizer: {beta1: null, beta2: 0, epsilon: 1e-8}", true)]
    [InlineData("name: n", false)]
    [InlineData("steps: 1", false)]
    [InlineData("name: n\nsteps: 0", false)]
    [InlineData("name: n\nsteps: 10000001", false)]
    [InlineData("name: n\nsteps: 1.5", false)]
    [InlineData("name: n\nsteps: '5'", false)]
    [InlineData("name: n\nsteps: null", false)]
    [InlineData("name: n\nsteps: true", false)]
    [InlineData("name: N\nsteps: 5", false)]
    [InlineData("name: 5\nsteps: 5", false)]
    [InlineData("name: n\nsteps: 5\nstep: 5", false)]
    [InlineData("name: n\nsteps: 5\nmapper: {kind: Levels}", false)]
    [InlineData("name: n\nsteps: 5\nmapper: {levels: [all]}", false)]
    [InlineData("name: n\nsteps: 5\nmapper: {levels: none}", false)]
    [InlineData("name: n\nsteps: 5\nmapper: {levels: [fine, fine]}", false)]
    [InlineData("name: n\nsteps: 5\nmapper: {strength: 0}", false)]
    [InlineData("name: n\nsteps: 5\nmapper: null", false)]
    [InlineData("name: n\nsteps: 5\noptimizer: {beta1: 1}", false)]
    [InlineData("name: n\nsteps: 5\nloss: {identity: -0.1}", false)]
    [InlineData("name: n\nsteps: 5\nearlyStopping: {patience: 0}", false)]
    [InlineData("name: n\nsteps: 5\nguard: {divergenceFactor: 1}", false)]
    [InlineData("- name", false)]
    public void Reader_and_schema_agree_on_recipes(string yaml, bool isValid)
    {
        Assert.Equal(isValid, Accepts(RecipeSchema, yaml));
        Assert.Equal(isValid, IsRead(() => RecipeReader.Read(yaml, "recipe.yaml")));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("seed: 9007199254740991", true)]
    [InlineData("bank: {count: null, truncation: 1}", true)]
    [InlineData("budget: {steps: null}\ngate: {identitySimilarity: -1}", true)]
    [InlineData("seed: -1", false)]
    [InlineData("seed: 9007199254740993", false)]
    [InlineData("bank: {truncation: 0}", false)]
    [InlineData("bank: {digest: 'sha256:00'}", false)]
    [InlineData("bank: {source: folder}", false)]
    [InlineData("budget: {devices: 0}", false)]
    [InlineData("gate: {identitySimilarity: 1.01}", false)]
    [InlineData("extra: 1", false)]
    [InlineData("method: optimization", true)]
    [InlineData("method: Optimization", false)]
    [InlineData("method: null", false)]
    [InlineData("tables: [{}, {name: small, images: 16, mode: cumulative, lastLayer: null}]", true)]
    [InlineData("tables: [{name: small.}]", false)]
    [InlineData("tables: [{images: 0}]", false)]
    [InlineData("tables: []", false)]
    public void Reader_and_schema_agree_on_sweeps(string more, bool isValid) =>
        Agree($"name: n\npack: demo\nrecipe: default\nprompts: [a face]\n{more}", isValid);

    [Theory]
    [InlineData("[a face, {text: a smile}]", true)]
    [InlineData("[{text: a smile, neutral: null, overrides: {}}]", true)]
    [InlineData("[{text: a smile, overrides: {name: other, earlyStopping: {patience: 2}}}]", true)]
    [InlineData("[{text: a smile, method: direction, neutral: a face}]", true)]
    [InlineData("[{text: a smile, method: styleSpace}]", false)]
    [InlineData("[]", false)]
    [InlineData("a face", false)]
    [InlineData("[5]", false)]
    [InlineData("[{neutral: a face}]", false)]
    [InlineData("[{text: a smile, override: {}}]", false)]
    [InlineData("[{text: a smile, overrides: {steps: 0}}]", false)]
    [InlineData("[\"a\\nb\"]", false)]
    [InlineData("[\"  \"]", false)]
    public void Reader_and_schema_agree_on_prompts(string prompts, bool isValid) =>
        Agree($"name: n\npack: demo\nrecipe: {{base: default, steps: 20}}\nprompts: {prompts}", isValid);

    [Theory]
    [InlineData("methods: [mapper, direction, optimization, optimizationInStyleSpace, tediGan]", true)]
    [InlineData("latents: 64\nbank: {validation: 64}\nseed: 3", true)]
    [InlineData("methods: [mapping]", false)]
    [InlineData("methods: []", false)]
    [InlineData("methods: mapper", false)]
    [InlineData("latents: 0", false)]
    [InlineData("latents: 65", false)]
    [InlineData("gate: {}", false)]
    public void Reader_and_schema_agree_on_comparisons(string more, bool isValid) =>
        AgreeOnComparison($"name: n\npack: demo\nrecipe: default\nprompts: [{{text: a clown, neutral: a face, kind: complex}}]\n{more}", isValid);

    [Theory]
    [InlineData("[{text: a clown, neutral: a face, kind: simple, overrides: {direction: {alpha: 4}}}]", true)]
    [InlineData("[{text: a clown, neutral: a face, kind: hard}]", false)]
    [InlineData("[{text: a clown, neutral: null, kind: simple}]", false)]
    [InlineData("[{text: a clown, kind: simple}]", false)]
    [InlineData("[{text: a clown, neutral: a face}]", false)]
    [InlineData("[a clown]", false)]
    [InlineData("[]", false)]
    public void Reader_and_schema_agree_on_compared_prompts(string prompts, bool isValid) =>
        AgreeOnComparison($"name: n\npack: demo\nrecipe: default\nprompts: {prompts}", isValid);

    private static void AgreeOnComparison(string yaml, bool isValid)
    {
        Assert.Equal(isValid, Accepts(ComparisonSchema, yaml));
        Assert.Equal(isValid, IsRead(() => ComparisonSpecReader.Read(yaml, "comparison.yaml", new SweepSpecContext())));
    }

    private static void Agree(string yaml, bool isValid)
    {
        Assert.Equal(isValid, Accepts(SweepSchema, yaml));
        Assert.Equal(isValid, IsRead(() => SweepSpecReader.Read(yaml, "sweep.yaml", new SweepSpecContext())));
    }

    private static bool Accepts(string schema, string yaml) => new SchemaCheck((JsonObject)JsonNode.Parse(schema)!).Accepts(YamlJson.Read(yaml));

    private static bool IsRead(Action read)
    {
        try
        {
            read();
            return true;
        }
        catch (SpecException)
        {
            return false;
        }
    }
}
