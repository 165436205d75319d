using System.Globalization;

namespace StyleClip.Parity;

/// <summary>The command line: DIR [--only FAMILY]... [--list] [--threads N].</summary>
public sealed record ParityArguments
{
    public const string Usage =
        """
        usage: StyleClip.Parity DIR [--only FAMILY]... [--list] [--threads N]
          DIR             a directory of reference numbers, with set.json
          --only FAMILY   compare the files of this family alone; may be repeated
          --list          say what each file is, without comparing
          --threads N     threads of tensor work; all cores when left out
        """;

    public required string Directory { get; init; }

    public IReadOnlyList<string> Only { get; init; } = [];

    public bool ListOnly { get; init; }

    public int? Threads { get; init; }

    /// <exception cref="ArgumentException">The line is not understood; the message says why.</exception>
    public static ParityArguments Parse(IReadOnlyList<string> arguments)
    {
        string? directory = null;
        List<string> only = [];
        bool listOnly = false;
        int? threads = null;
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            switch (argument)
            {
                case "--list":
                    listOnly = true;
                    break;
                case "--only":
                    only.Add(ValueOf(arguments, ++i, argument));
                    break;
                case "--threads":
                    string value = ValueOf(arguments, ++i, argument);
                    if (!int.TryParse(value, CultureInfo.InvariantCulture, out int count) || count < 1)
                        throw new ArgumentException($"--threads is '{value}'; it must be a number of at least 1.");
                    threads = count;
                    break;
                default:
                    if (argument.StartsWith('-') || directory is not null) throw new ArgumentException($"'{argument}' is not understood.");
                    directory = argument;
                    break;
            }
        }

        return new ParityArguments
        {
            Directory = directory ?? throw new ArgumentException("There is no directory."),
            Only = only,
            ListOnly = listOnly,
            Threads = threads,
        };
    }

    private static string ValueOf(IReadOnlyList<string> arguments, int index, string option) =>
        index < arguments.Count ? arguments[index] : throw new ArgumentException($"{option} needs a value.");
}
