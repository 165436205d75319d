using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace StyleClip.Cli.Tests.Comparing;

/// <summary>What a browser has made of a report.</summary>
/// <param name="Images">Every picture: its text, and its width where it could be decoded, else 0.</param>
/// <param name="Heads">Heads of the tables of pictures.</param>
/// <param name="Titles">Headings.</param>
/// <param name="Text">All text.</param>
internal sealed partial record ShownReport(IReadOnlyList<ShownReport.Image> Images, IReadOnlyList<IReadOnlyList<string>> Heads, IReadOnlyList<string> Titles, string Text)
{
    // A page beside the report that opens it in a frame, waits for its pictures and writes down what it finds.
    private const string Inspector = """
        <!doctype html><meta charset="utf-8"><iframe id="report" src="report.html" width="1200" height="900"></iframe><pre id="found"></pre>
        <script>
        document.getElementById('report').onload = async event => {
          const page = event.target.contentDocument;
          const decoded = image => image.decode().then(() => image.naturalWidth, () => 0);
          const texts = nodes => Array.from(nodes, node => node.textContent.trim());
          document.getElementById('found').textContent = JSON.stringify({
            images: await Promise.all(Array.from(page.images, async image => ({ alt: image.alt, width: await decoded(image) }))),
            heads: Array.from(page.querySelectorAll('table.pictures'), table => texts(table.querySelectorAll('thead th'))),
            titles: texts(page.querySelectorAll('h1, h2')),
            text: page.body.innerText,
          });
        };
        </script>
        """;

    public static async Task<ShownReport> Open(Chromium browser, string report)
    {
        string page = Path.Combine(Path.GetDirectoryName(report)!, "inspector.html");
        await File.WriteAllTextAsync(page, Inspector);
        string found = Found().Match(await browser.Dom(page)).Groups[1].Value;
        return JsonSerializer.Deserialize<ShownReport>(WebUtility.HtmlDecode(found), JsonSerializerOptions.Web)!;
    }

    [GeneratedRegex("<pre id=\"found\">(.*?)</pre>", RegexOptions.Singleline)]
    private static partial Regex Found();

    internal sealed record Image(string Alt, int Width);
}
