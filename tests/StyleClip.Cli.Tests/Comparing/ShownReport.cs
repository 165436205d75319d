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
    // A page beside the report that shows it in a frame and writes down what it finds before its own loading ends, so without waiting for
    // anything: drawing a picture decodes it at once.
    private const string Inspector = """
        <!doctype html><meta charset="utf-8"><pre id="found"></pre>
        <script>
        const texts = nodes => Array.from(nodes, node => node.textContent.trim());
        const pencil = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        function width(image) {
          pencil.clearRect(0, 0, 1, 1);
          try { pencil.drawImage(image, 0, 0); } catch { return 0; }
          return pencil.getImageData(0, 0, 1, 1).data[3] === 255 ? image.naturalWidth : 0;
        }
        function inspect(page) {
          document.getElementById('found').textContent = JSON.stringify({
            images: Array.from(page.images, image => ({ alt: image.alt, width: width(image) })),
            heads: Array.from(page.querySelectorAll('table.pictures'), table => texts(table.querySelectorAll('thead th'))),
            titles: texts(page.querySelectorAll('h1, h2')),
            text: page.body.innerText,
          });
        }
        </script>
        <iframe src="report.html" width="1200" height="900" onload="inspect(this.contentDocument)"></iframe>
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
