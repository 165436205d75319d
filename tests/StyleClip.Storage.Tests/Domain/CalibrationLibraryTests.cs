using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Recipes;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;

namespace StyleClip.Storage.Tests.Domain;

public sealed class CalibrationLibraryTests : IDisposable
{
    private static readonly Digest Pack = Digest.Of("pack"u8);

    private readonly TemporaryDirectory _directory = new();
    private readonly DirectoryArtifactStore _store;
    private readonly CalibrationLibrary _library;

    public CalibrationLibraryTests()
    {
        _store = new DirectoryArtifactStore(_directory["store"]);
        _library = new CalibrationLibrary(_store);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _store.Dispose();
        _directory.Dispose();
    }

    [Fact]
    public async Task A_newer_calibration_takes_the_place_of_the_one_before()
    {
        Assert.Null(await _library.Find(Pack, Ct));
        await _library.Publish(Calibration(0.2), Ct);
        Digest newer = await _library.Publish(Calibration(0.3), Ct);

        (PackCalibration content, Digest digest) = (await _library.Find(Pack, Ct))!.Value;
        Assert.Equal((newer, 0.3), (digest, content.Prompts[0].DrawnSimilarity));
    }

    [Fact]
    public async Task What_lies_beside_a_pack_does_not_replace_what_the_store_has()
    {
        string folder = Beside(Calibration(0.2));
        await _library.PublishBeside(folder, Pack, Ct);
        Digest own = await _library.Publish(Calibration(0.3), Ct);
        await _library.PublishBeside(folder, Pack, Ct);

        Assert.Equal(own, (await _library.Find(Pack, Ct))!.Value.Digest);
    }

    [Fact]
    public async Task A_calibration_of_other_weights_says_nothing_of_a_pack()
    {
        await _library.PublishBeside(Beside(Calibration(0.2) with { Pack = Digest.Of("another pack"u8) }), Pack, Ct);

        Assert.Null(await _library.Find(Pack, Ct));
    }

    [Fact]
    public async Task Too_few_prompts_are_no_calibration()
    {
        PackCalibration few = Calibration(0.2);
        var refused = await Assert.ThrowsAsync<InvalidDataException>(() => _library.Publish(few with { Prompts = [.. few.Prompts.Take(9)] }, Ct));

        Assert.Contains("has 9 prompts; it must have at least 10", refused.Message, StringComparison.Ordinal);
    }

    private static PackCalibration Calibration(double similarity) => new()
    {
        Pack = Pack,
        Probe = new DomainRecipe(),
        Prompts = [.. Enumerable.Range(0, 10).Select(i => new CalibrationPrompt($"prompt {i}", 0.1, similarity))],
        DeviceKind = "test",
        Build = "test",
    };

    private string Beside(PackCalibration calibration)
    {
        string folder = Directory.CreateDirectory(_directory["pack"]).FullName;
        File.WriteAllBytes(Path.Combine(folder, PackCalibration.FileName), ContractJson.ToBytes(calibration));
        return folder;
    }
}
