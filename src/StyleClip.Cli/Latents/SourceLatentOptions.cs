using System.CommandLine;
using StyleClip.Cli.Commands;

namespace StyleClip.Cli.Latents;

/// <summary>Options of commands that work on latents.</summary>
internal sealed class SourceLatentOptions
{
    private readonly Option<FileInfo?> _file = CommonOptions.File("--latents", "A file of W, W+ or style-space codes, as `latents import`, `optimize` and `invert` write them; by default held-out latents of the pack's default bank.");
    private readonly Option<int> _index = new("--index") { Description = "The first latent to take, from 0." };
    private readonly Option<long> _seed = new("--seed") { Description = "Seed of the bank's latents; a file has none." };
    private readonly Option<int?> _count;
    private readonly int _bankCount;

    /// <param name="bankCount">Latents of the bank to take where the user does not say how many.</param>
    public SourceLatentOptions(int bankCount)
    {
        _bankCount = bankCount;
        _count = new Option<int?>("--count") { Description = $"How many latents; all of a file, or {bankCount} of the bank by default." };
        CommonOptions.RequireRange(_index, 0, 10_000_000);
        CommonOptions.RequireRange(_count, 1, 100_000);
    }

    public void AddTo(Command command)
    {
        command.Add(_file);
        command.Add(_index);
        command.Add(_count);
        command.Add(_seed);
    }

    /// <summary>Whether the user named any of them.</summary>
    public bool IsGiven(ParseResult parsed) => new Option[] { _file, _index, _count, _seed }.Any(option => parsed.GetResult(option) is { Implicit: false });

    public SourceLatents Read(ParseResult parsed)
    {
        string? file = parsed.GetValue(_file)?.FullName;
        return new SourceLatents
        {
            File = file,
            Index = parsed.GetValue(_index),
            Count = parsed.GetValue(_count) ?? (file is null ? _bankCount : null),
            Seed = parsed.GetValue(_seed),
        };
    }
}
