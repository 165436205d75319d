namespace StyleClip.Cli.Tests.Comparing;

/// <summary>A comparison on the demo pack that takes seconds: few steps, few latents, a table of the first layers.</summary>
internal static class ShortComparison
{
    public const int Latents = 2;

    public const string Complex = "a clown";

    public const string Simple = "a face without wrinkles";

    public static string Yaml(string methods = "[mapper, direction, optimization, optimizationInStyleSpace, tediGan]", string pack = "demo") => $$"""
        name: short
        pack: {{pack}}
        recipe:
          base: default
          steps: 8
          mapper: { coarseEnd: 3, mediumEnd: 6 }
          batch: { size: 4 }
          validation: { everySteps: 4 }
          checkpointEverySteps: 4
          domain: null
          optimization: { steps: 4 }
          direction: { beta: 0.05, table: { samples: 64, images: 2, lastLayer: 1, imagesPerPass: 32 } }
        methods: {{methods}}
        prompts:
          - { text: {{Complex}}, neutral: a face, kind: complex, overrides: { loss: { identity: 0 } } }
          - { text: {{Simple}}, neutral: a face with wrinkles, kind: simple }
        latents: {{Latents}}
        bank: { count: 24, validation: 8, shardSize: 16, truncation: 1 }
        seed: 3
        """;
}
