using System.Globalization;
using System.Text.RegularExpressions;

namespace StyleClip.Cli.Tests.Running;

/// <summary>A sweep over the demo pack that takes seconds: the shipped networks, few steps, few latents.</summary>
internal static partial class ShortSweep
{
    public const int Steps = 24;

    private const int ValidateEvery = 8;

    /// <summary>Whether a progress line shows a job that was validated and still trains.</summary>
    public static bool HasValidated(string line) =>
        Step().Match(line) is { Success: true } match
        && int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) is >= ValidateEvery and < Steps;

    public static string Yaml(string name = "short", int steps = Steps, string gate = "{}", params string[] prompts) => $"""
        name: {name}
        pack: demo
        recipe:
          name: short
          steps: {steps}
          loss: {"{"} identity: 0.5 {"}"}
          optimizer: {"{"} kind: adam, learningRate: 1.0, schedule: cosine {"}"}
          batch: {"{"} size: 4, microShards: 2 {"}"}
          validation: {"{"} everySteps: {ValidateEvery} {"}"}
          checkpointEverySteps: 5
          stripFaces: 2
        bank: {"{"} count: 48, validation: 8, shardSize: 16 {"}"}
        seed: 11
        gate: {gate}
        prompts:
        {string.Join('\n', (prompts.Length == 0 ? ["a face with red hair", "a smiling face", "a face with glasses"] : prompts).Select(prompt => $"- {prompt}"))}
        """;

    [GeneratedRegex(@"running, step (\d+)/")]
    private static partial Regex Step();
}
