using System.CommandLine;
using StyleClip.Cli.Commands;
using StyleClip.Contracts.Recipes;

namespace StyleClip.Cli.Domain;

/// <summary>Options that say how a probe measures.</summary>
internal sealed class DomainSettings
{
    private static readonly DomainRecipe Defaults = new();

    private readonly Option<int> _pictures = Number("--pictures", "Pictures of the generator's own to look through.", Defaults.Pictures, 64, 100_000);
    private readonly Option<int> _latents = Number("--latents", "Latents to optimise.", Defaults.Latents, 1, 64);
    private readonly Option<int> _steps = Number("--steps", "Updates of each.", Defaults.Steps, 1, 1_000);

    public void AddTo(Command command)
    {
        command.Add(_pictures);
        command.Add(_latents);
        command.Add(_steps);
    }

    public DomainRecipe Read(ParseResult parsed) => new() { Pictures = parsed.GetValue(_pictures), Latents = parsed.GetValue(_latents), Steps = parsed.GetValue(_steps) };

    /// <summary>True where the user wrote any of them.</summary>
    public bool IsGiven(ParseResult parsed) => new[] { _pictures, _latents, _steps }.Any(option => parsed.GetResult(option) is { Implicit: false });

    private static Option<int> Number(string name, string description, int value, int least, int most)
    {
        var option = new Option<int>(name) { Description = description, DefaultValueFactory = _ => value };
        CommonOptions.RequireRange(option, least, most);
        return option;
    }
}
