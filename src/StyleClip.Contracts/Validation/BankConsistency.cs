using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Validation.Yaml;

namespace StyleClip.Contracts.Validation;

/// <summary>The rules of a bank that concern several fields.</summary>
internal static class BankConsistency
{
    /// <summary>Checks the bank and fills in what depends on its source.</summary>
    /// <param name="bank">The bank as it was written.</param>
    /// <param name="cursor">Where it was written; null where it was not.</param>
    /// <param name="context">What is known of latent files.</param>
    public static BankSpec Complete(BankSpec bank, YamlCursor? cursor, SweepSpecContext context)
    {
        if (cursor is not null) Check(bank, cursor, context);
        return bank is { Source: BankSource.Sampled, Count: null } ? bank with { Count = BankSpec.SampledCount } : bank;
    }

    private static void Check(BankSpec bank, YamlCursor cursor, SweepSpecContext context)
    {
        if (cursor.Mistakes.Has(cursor.Path.Field("source"))) return;
        if (bank.Source == BankSource.Sampled)
        {
            cursor.Find("path")?.Refuse("is for source: file; this bank is sampled");
            return;
        }

        foreach (string field in new[] { "truncation", "seed" })
            cursor.Find(field)?.Refuse("is for source: sampled; this bank is read from a file");
        if (bank.Path is not null && context.CheckLatentFile(bank.Path) is { } problem) cursor.Find("path")!.Refuse(problem);
        if (cursor.Find("path") is null) cursor.Miss("path", "is missing; source: file needs it");
    }
}
