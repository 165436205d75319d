using StyleClip.Reference.Packs;

namespace StyleClip.Cli.Tests.Directions;

public sealed class DirectionBuildTests : IDisposable
{
    private const int Rows = 16 + (6 * 16); // conv1 and two convolutions in each of three resolutions, 16 channels each

    private readonly StyleClipProgram _program = new();

    public DirectionBuildTests() => RandomPack.WriteTiny(Path.Combine(_program.Folder, "pack"));

    public void Dispose() => _program.Dispose();

    [Fact]
    public async Task A_build_that_is_killed_goes_on_where_it_was_and_its_table_is_that_of_an_undisturbed_one()
    {
        ProgramResult whole = await _program.Run(Build("whole", "--devices", "2", "--output", "json"));
        Assert.True(whole.ExitCode == 0, whole.Errors);
        Assert.Equal(Rows, whole.Document.GetProperty("rows").GetInt32());
        Assert.Equal(14, whole.Document.GetProperty("rangesMeasured").GetInt32());

        await _program.RunUntil(HasRanges, Signals.Kill, Build("killed", "--devices", "1"));
        ProgramResult rest = await _program.Run(Build("killed", "--devices", "2", "--output", "json"));

        Assert.True(rest.ExitCode == 0, rest.Errors);
        Assert.InRange(rest.Document.GetProperty("rangesMeasured").GetInt32(), 1, 12);
        Assert.Equal(Table(whole), Table(rest));

        ProgramResult again = await _program.Run(Build("killed"));
        Assert.Equal(0, again.ExitCode);
        Assert.Contains("nothing is left to do", again.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_pauses_and_leaves_no_claim_behind()
    {
        ProgramResult paused = await _program.RunUntil(HasRanges, Signals.CtrlC, Build("paused", "--devices", "1"));
        Assert.Equal(130, paused.ExitCode);
        Assert.Contains("The same command goes on", paused.Output, StringComparison.Ordinal);
        string board = Directory.EnumerateFiles(Path.Combine(_program.Store("paused"), "documents", "directions"), "*", SearchOption.AllDirectories)
            .Select(File.ReadAllText).Single(text => text.Contains("\"ranges\"", StringComparison.Ordinal));
        Assert.DoesNotContain("\"holder\"", board, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Processes_with_one_store_share_the_ranges_of_one_table()
    {
        ProgramResult[] both = await Task.WhenAll(
            _program.Run(Build("shared", "--devices", "1", "--output", "json")), _program.Run(Build("shared", "--devices", "1", "--output", "json")));
        Assert.All(both, result => Assert.True(result.ExitCode == 0, result.Errors));
        Assert.Equal(Table(both[0]), Table(both[1]));
        Assert.Equal(14, both.Sum(result => result.Document.GetProperty("rangesMeasured").GetInt32()));
        Assert.Equal(1, both.Count(result => result.Document.GetProperty("isNew").GetBoolean()));
    }

    [Fact]
    public async Task A_name_stands_for_one_table()
    {
        ProgramResult first = await _program.Run(Build("named", "--name", "faces", "--last-layer", "2"));
        Assert.True(first.ExitCode == 0, first.Errors);
        ProgramResult second = await _program.Run(Build("named", "--name", "faces", "--last-layer", "0"));
        Assert.Equal(2, second.ExitCode);
        Assert.Contains("another --name", second.Errors, StringComparison.Ordinal);
        ProgramResult impossible = await _program.Run(Build("named", "--last-layer", "99"));
        Assert.Contains("0 to 10", impossible.Errors, StringComparison.Ordinal);
    }

    private static bool HasRanges(string line) => line.Contains("2 of 14 ranges", StringComparison.Ordinal) || line.Contains("3 of 14 ranges", StringComparison.Ordinal);

    private static string Table(ProgramResult result) => result.Document.GetProperty("table").GetProperty("digest").GetString()!;

    private string[] Build(string store, params string[] more) =>
    [
        "directions", "build", "--pack", "pack", "--store", _program.Store(store), "--samples", "200", "--images", "40", "--range", "8", .. more,
    ];
}
