using System.Globalization;
using System.Net;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>Markup. Whatever is put into it is escaped, unless it is markup itself.</summary>
internal readonly record struct Html(string Markup)
{
    /// <summary>Markup with values in it.</summary>
    public static Html Of(FormattableString markup) => new(markup.ToString(Escaping.Instance));

    /// <summary>Parts, one a line.</summary>
    public static Html Join(IEnumerable<Html> parts) => new(string.Join('\n', parts.Select(part => part.Markup)));

    private sealed class Escaping : IFormatProvider, ICustomFormatter
    {
        public static Escaping Instance { get; } = new();

        public object? GetFormat(Type? formatType) => formatType == typeof(ICustomFormatter) ? this : null;

        public string Format(string? format, object? arg, IFormatProvider? formatProvider) => arg switch
        {
            Html html => html.Markup ?? string.Empty, // of default: nothing
            IFormattable number => WebUtility.HtmlEncode(number.ToString(format, CultureInfo.InvariantCulture)),
            _ => WebUtility.HtmlEncode(arg?.ToString() ?? string.Empty),
        };
    }
}
