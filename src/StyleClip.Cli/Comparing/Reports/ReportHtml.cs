using System.Text;
using System.Text.Json;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Json;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>
/// The report as one HTML file that refers to nothing outside of itself: pictures are inside, there are no scripts, and its own policy
/// forbids to load anything.
/// </summary>
internal sealed class ReportHtml(ComparisonReport report, ReportPictures pictures)
{
    // Smaller pictures are shown enlarged; then their pixels shall be seen as they are.
    private const int ShownSize = 112;

    public byte[] ToBytes() => Encoding.UTF8.GetBytes(Document().Markup);

    private Html Document() => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <link rel="icon" href="data:,">
        <title>Comparison {report.Spec.Name}</title>
        <style>
        {ReportStyle.Css}
        </style>
        </head>
        <body>
        <main>
        <h1>Comparison {report.Spec.Name}</h1>
        <p>Edits of {report.Spec.Latents} held-out latents of the pack <b>{report.Pack.Name}</b> ({report.ImageSize} px) by {string.Join(", ", report.Methods.Select(method => MethodTitle.Of(method.Method)))}, all measured by the same evaluator.</p>
        <h2>Over all prompts</h2>
        {Overall()}
        {Html.Join(report.Prompts.Select(Prompt))}
        <h2>How alike the steps of different latents are</h2>
        {Steps()}
        <h2>Seconds</h2>
        {Seconds()}
        <h2>What the numbers mean</h2>
        {Meanings()}
        <h2>What to know</h2>
        <ul>
        {Html.Join(report.Notes.Select(note => Html.Of($"<li>{note}</li>")))}
        </ul>
        <h2>Parameters and versions</h2>
        {Versions()}
        </main>
        </body>
        </html>

        """);

    private Html Overall() => Numbers(
        "Means over the prompts of the means over the latents. The best of a column is bold where more is better.",
        [.. report.Methods.Select(method => (method.Method, method.Mean, Missing: method.Prompts < report.Prompts.Count ? $"{method.Prompts} of {report.Prompts.Count} prompts" : null))]);

    private Html Prompt(ComparisonResult prompt, int index) => Html.Of($"""
        <h2>“{prompt.Prompt}” <small>({JsonNamingPolicy.CamelCase.ConvertName(prompt.Kind.ToString())})</small></h2>
        <p class="quiet">Neutral text: “{prompt.Neutral}”.</p>
        {Grid(prompt, index)}
        {Numbers($"Means over {report.Spec.Latents} latents for “{prompt.Prompt}”.", [.. prompt.Cells.Select(cell => (cell.Method, cell.Mean, Missing: cell.Reason))])}
        """);

    private Html Grid(ComparisonResult prompt, int index) => Html.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="Pictures for {prompt.Prompt}">
        <table class="pictures{(report.ImageSize < ShownSize ? " pixels" : "")}">
        <caption>The same latents before and after each method's edit, with CLIP gain and identity similarity.</caption>
        <thead><tr><th scope="col">latent</th><th scope="col">source</th>{Html.Join(prompt.Cells.Select(cell => Html.Of($"<th scope=\"col\">{MethodTitle.Of(cell.Method)}</th>")))}</tr></thead>
        <tbody>
        {Html.Join(Enumerable.Range(0, report.Spec.Latents).Select(latent => Html.Of($"""
            <tr><th scope="row">{latent + 1}</th><td>{Picture(pictures.Sources[latent], $"source, latent {latent + 1}")}</td>{Html.Join(prompt.Cells.Select(cell => Html.Of($"<td>{Edited(prompt, index, cell, latent)}</td>")))}</tr>
            """)))}
        </tbody>
        </table>
        </div>
        """);

    private Html Edited(ComparisonResult prompt, int index, ComparisonCell cell, int latent)
    {
        if (!pictures.Edited.TryGetValue((index, cell.Method), out IReadOnlyList<byte[]>? edited)) return new("–");
        EditNumbers numbers = cell.Latents[latent];
        return Html.Of($"""
            {Picture(edited[latent], $"{prompt.Prompt}, by {MethodTitle.Of(cell.Method)}, latent {latent + 1}")}<small>{numbers.ClipGain:+0.00;-0.00;0.00}{(numbers.IdentitySimilarity is { } identity ? Html.Of($", {identity:0.00}") : default)}</small>
            """);
    }

    private static Html Picture(byte[] png, string what) => Html.Of($"""<img src="data:image/png;base64,{new Html(Convert.ToBase64String(png))}" alt="{what}">""");

    private static Html Numbers(string caption, IReadOnlyList<(ComparisonMethod Method, EditNumbers? Mean, string? Missing)> rows)
    {
        EditNumbers[] all = [.. rows.Select(row => row.Mean).OfType<EditNumbers>()];
        IReadOnlyList<NumberColumn> columns = NumberColumn.In(all);
        return Table(caption, ["method", .. columns.Select(column => column.Title)], rows.Select(row => Html.Of($"""
            <tr><th scope="row">{MethodTitle.Of(row.Method)}{(row.Missing is null ? default : Html.Of($"<br><small>{row.Missing}</small>"))}</th>{Html.Join(columns.Select(column => Html.Of($"<td>{column.Show(row.Mean, all)}</td>")))}</tr>
            """)));
    }

    private Html Steps() => Table(
        "Mean cosine over all pairs of latents, in StyleSpace; in brackets in W+, for methods that work there. 1: one step for every latent.",
        ["prompt", .. report.Methods.Select(method => MethodTitle.Of(method.Method))],
        report.Prompts.Select(prompt => StepRow(prompt.Prompt, prompt.Cells.Select(cell => cell.StepSimilarity)))
            .Append(StepRow("mean", report.Methods.Select(method => method.StepSimilarity))));

    private static Html StepRow(string head, IEnumerable<StepSimilarity?> cells) => Html.Of($"""
        <tr><th scope="row">{head}</th>{Html.Join(cells.Select(cell => Html.Of($"<td>{(cell?.StyleSpace is { } style ? Html.Of($"{style:0.000}") : new("–"))}{(cell?.WPlus is { } wPlus ? Html.Of($" ({wPlus:0.000})") : default)}</td>")))}</tr>
        """);

    private Html Seconds()
    {
        Html table = Table(
            "Seconds of work before the first prompt, for each prompt, and for each edited image; means over the prompts.",
            ["method", "once per pack", "per prompt", "per image"],
            report.Methods.Select(method => Html.Of($"""
                <tr><th scope="row">{MethodTitle.Of(method.Method)}</th><td>{Second(method.PreparationSeconds)}</td><td>{Second(method.PromptSeconds)}</td><td>{Second(method.ImageSeconds)}</td></tr>
                """)));
        return Html.Of($"{table}\n<dl>\n{Html.Join(report.Methods.Select(Measured))}\n</dl>");
    }

    private static Html Measured(ComparisonSummary method) => Html.Of($"""
        <dt>{MethodTitle.Of(method.Method)}</dt>{Html.Join(new[] { ("Once per pack", method.PreparationSeconds), ("Per prompt", method.PromptSeconds), ("Per image", method.ImageSeconds) }
            .Where(pair => pair.Item2 is not null).Select(pair => Html.Of($"<dd>{pair.Item1}: {pair.Item2!.MeasuredOn}.</dd>")))}
        """);

    private static Html Second(MeasuredSeconds? seconds) => seconds is { Value: var value }
        ? value < 1 ? Html.Of($"{value:0.0000}") : Html.Of($"{value:0.0}")
        : new("–");

    private static Html Meanings() => Html.Of($"""
        <dl>
        {Html.Join(NumberColumn.All.Select(column => Html.Of($"<dt>{column.Title}</dt><dd>{column.Meaning}</dd>")))}
        </dl>
        """);

    private Html Versions() => Html.Of($"""
        <dl>
        <dt>Pack</dt><dd>{report.Pack.Name}, {report.Pack.Digest}. {report.PackDescription}</dd>
        <dt>Licence of the pack</dt><dd>{report.Pack.Licence}</dd>
        <dt>Build</dt><dd>{report.Build}</dd>
        <dt>Measured on</dt><dd>{report.DeviceKind}</dd>
        <dt>Sweeps</dt><dd>{string.Join(", ", report.Methods.Select(method => $"{MethodTitle.Of(method.Method)}: {method.Sweep}"))}</dd>
        </dl>
        {Table("The jobs and what they made.", ["prompt", "method", "job", "phase", "updates", "result"], report.Prompts.SelectMany(prompt => prompt.Cells.Select(cell => Job(prompt, cell))))}
        <details>
        <summary>The comparison as it was asked for, with every default</summary>
        <pre>{JsonSerializer.Serialize(report.Spec, ContractJson.Options)}</pre>
        </details>
        """);

    private static Html Job(ComparisonResult prompt, ComparisonCell cell) => Html.Of($"""
        <tr><th scope="row">{prompt.Prompt}</th><td class="text">{MethodTitle.Of(cell.Method)}</td><td class="text">{cell.Job}</td><td class="text">{JsonNamingPolicy.CamelCase.ConvertName(cell.Phase.ToString())}</td><td>{cell.Steps}</td><td class="text">{(cell.Result is { } result ? result.Digest.Hex[..16] : "–")}</td></tr>
        """);

    private static Html Table(string caption, IReadOnlyList<string> heads, IEnumerable<Html> rows) => Html.Of($"""
        <div class="wide" tabindex="0" role="region" aria-label="{caption}">
        <table>
        <caption>{caption}</caption>
        <thead><tr>{Html.Join(heads.Select((head, i) => i == 0 ? Html.Of($"<th scope=\"col\" class=\"text\">{head}</th>") : Html.Of($"<th scope=\"col\">{head}</th>")))}</tr></thead>
        <tbody>
        {Html.Join(rows)}
        </tbody>
        </table>
        </div>
        """);
}
