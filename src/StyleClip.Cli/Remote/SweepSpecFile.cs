using StyleClip.Client;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Cli.Remote;

/// <summary>A spec on this machine on its way to a gateway: checked here as far as it can be, its latent file uploaded.</summary>
internal sealed class SweepSpecFile(StyleClipClient client, string path)
{
    /// <summary>Submits the spec.</summary>
    /// <exception cref="SpecException">It has mistakes; nothing was submitted.</exception>
    public Task<SweepSubmission> Submit(CancellationToken cancellationToken) => Send(client.Sweeps.Submit, cancellationToken);

    /// <summary>Expands the spec.</summary>
    /// <exception cref="SpecException">It has mistakes.</exception>
    public Task<SweepOutline> Outline(CancellationToken cancellationToken) => Send(client.Sweeps.Outline, cancellationToken);

    private async Task<T> Send<T>(Func<string, Digest?, CancellationToken, Task<T>> send, CancellationToken cancellationToken)
    {
        (SweepSpec spec, string text) = Read(await File.ReadAllTextAsync(path, cancellationToken));
        Digest? latents = await UploadLatents(spec, cancellationToken);
        try
        {
            return await send(text, latents, cancellationToken);
        }
        catch (GatewayException exception) when (exception.Problem is { Type: ProblemTypes.InvalidSpec, Mistakes: { Count: > 0 } mistakes })
        {
            throw new SpecException([.. mistakes.Select(mistake => mistake with { File = path })]); // the gateway has seen no file
        }
    }

    // What can be seen without the cluster is said before anything is sent. Packs and their words, only the cluster knows. The text is sent
    // as the user wrote it, so that lines in mistakes are his; but the gateway reads no files, so where it names some it is written anew.
    private (SweepSpec Spec, string Text) Read(string text)
    {
        string folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        SweepSpecContext context = SweepSpecContext.ForFile(path);
        bool namesRecipeFile = false;
        SweepSpec spec = SweepSpecReader.Read(text, path, context with
        {
            ReadRecipeFile = recipe =>
            {
                namesRecipeFile = true;
                return context.ReadRecipeFile!(recipe);
            },
            CheckLatentFile = latents => Digest.TryParse(latents, out _) || File.Exists(Path.Combine(folder, latents)) ? null : "must be a file, relative to the spec",
        });
        return (spec, namesRecipeFile ? ResolvedSpec.Write(spec) : text);
    }

    private async Task<Digest?> UploadLatents(SweepSpec spec, CancellationToken cancellationToken)
    {
        if (spec.Bank.Source != BankSource.File || Digest.TryParse(spec.Bank.Path, out _)) return null;
        string file = Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, spec.Bank.Path!);
        return (await client.Artifacts.Upload(file, cancellationToken)).Digest;
    }
}
