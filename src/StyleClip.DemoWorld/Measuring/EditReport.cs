using System.Collections.Immutable;

namespace StyleClip.DemoWorld.Measuring;

/// <summary>What a mapper does to held-out faces. Shares are of the faces, cosines are means.</summary>
internal sealed record EditReport
{
    public required EditPrompt Prompt { get; init; }
    public required double HadIt { get; init; }
    public required double HasIt { get; init; }

    /// <summary>Share of the faces that did not fulfil the prompt before and do after.</summary>
    public required double Conversion { get; init; }
    public required double Identity { get; init; }
    public required double ClipBefore { get; init; }
    public required double ClipAfter { get; init; }

    /// <summary>Share of all pairs of a face and an attribute outside the prompt's group that changed sides.</summary>
    public required double Flips { get; init; }

    /// <summary>What falls short of the prompt's targets; empty for a good edit.</summary>
    public ImmutableArray<string> Failures
    {
        get
        {
            var failures = ImmutableArray.CreateBuilder<string>();
            if (Conversion < Prompt.MinConversion) failures.Add(FormattableString.Invariant($"conversion {Conversion:p1} is below {Prompt.MinConversion:p0}"));
            if (Identity < Prompt.MinIdentity) failures.Add(FormattableString.Invariant($"identity {Identity:f3} is below {Prompt.MinIdentity:f2}"));
            if (Flips > Prompt.MaxFlips) failures.Add(FormattableString.Invariant($"flips {Flips:p1} are above {Prompt.MaxFlips:p0}"));
            return failures.ToImmutable();
        }
    }
}
