namespace StyleClip.Cli.Comparing.Reports;

/// <summary>How the report looks: on light and dark screens and on paper, with the reader's own fonts.</summary>
internal static class ReportStyle
{
    public static Html Css { get; } = new("""
        :root { color-scheme: light dark; --line: #c8ccd2; --soft: #f3f4f6; --quiet: #57606a; }
        @media (prefers-color-scheme: dark) { :root { --line: #444c56; --soft: #22272e; --quiet: #9aa4af; } }
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
        h1, h2, h3 { line-height: 1.2; }
        h2 { margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
        .quiet, caption, figcaption, small { color: var(--quiet); }
        .wide { overflow-x: auto; }
        table { border-collapse: collapse; margin: 1rem 0; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding-bottom: .4rem; }
        th, td { padding: .25rem .7rem; border-bottom: 1px solid var(--line); text-align: right; vertical-align: top; }
        th { font-weight: 600; }
        thead th { background: var(--soft); }
        th[scope=row], td.text, th.text { text-align: left; }
        .pictures th, .pictures td { text-align: center; padding: .3rem; vertical-align: top; border: 0; }
        .pictures tbody th { vertical-align: middle; }
        .pictures img { display: block; margin: 0 auto; width: 112px; height: auto; }
        .pictures small { display: block; font-size: .72rem; line-height: 1.25; }
        .pixels img { image-rendering: pixelated; }
        pre { background: var(--soft); padding: .8rem; overflow-x: auto; font-size: .8rem; }
        dt { font-weight: 600; } dd { margin: 0 0 .5rem 1.2rem; overflow-wrap: anywhere; }
        @media print {
          @page { size: A4 landscape; margin: 12mm; }
          body { max-width: none; padding: 0; font-size: 10pt; }
          .wide { overflow: visible; } h2, h3 { break-after: avoid; } tr { break-inside: avoid; }
          .pictures img { width: 80px; } pre { white-space: pre-wrap; overflow-wrap: anywhere; }
        }
        """);
}
