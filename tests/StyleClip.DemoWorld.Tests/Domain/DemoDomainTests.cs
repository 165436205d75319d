using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Validation;
using StyleClip.DemoWorld.Tests.Packs;
using StyleClip.Models.Packs;
using StyleClip.Training.Domain;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Tests.Domain;

/// <summary>
/// What the demo generator draws, and what it does not after its colours were taken away: a limit that is known to be there, while the CLIP
/// network that judges still knows colours.
/// </summary>
public sealed class DemoDomainTests
{
    private static readonly DomainRecipe Quick = new() { Pictures = 64, Latents = 2, Steps = 8 };

    [Fact]
    public void The_shipped_calibration_is_of_the_shipped_pack_and_of_the_default_recipe()
    {
        byte[] manifest = File.ReadAllBytes(Path.Combine(DemoPack.Directory, PackManifest.FileName));
        PackCalibration calibration = Calibration();
        SpecDocument recipe = BuiltInRecipes.Find("default")!;

        Assert.Equal(Digest.Of(manifest), calibration.Pack);
        Assert.Equal(RecipeReader.Read(recipe.Yaml, recipe.FileName).Domain, calibration.Probe);
        string[] written = [.. File.ReadLines(Path.Combine(DemoPack.Directory, "reference-prompts.txt")).Where(line => line[0] != '#')];
        Assert.Equal(written, calibration.Prompts.Select(prompt => prompt.Text));
    }

    [Fact]
    public void Without_colours_colours_are_out_of_reach_and_shapes_are_not()
    {
        set_num_threads(1);
        using FrozenNetworks coloured = FrozenNetworks.Load(DemoPack.Directory), grey = FrozenNetworks.Load(DemoPack.Directory);
        TakeColours(grey);
        using DomainPictures colouredPictures = new(coloured, Quick.Pictures), greyPictures = new(grey, Quick.Pictures);
        DomainProbe known = new(coloured, colouredPictures, Quick), limited = new(grey, greyPictures, Quick);

        Assert.InRange(known.Draw("red hair").After, 0.3, 1);
        Assert.InRange(limited.Draw("red hair").After, -1, 0.15);
        Assert.InRange(limited.Draw("glasses").After, 0.25, 1);
    }

    [Fact]
    public void A_measured_prompt_is_judged_by_the_shipped_calibration()
    {
        set_num_threads(1);
        using FrozenNetworks networks = FrozenNetworks.Load(DemoPack.Directory);
        PackCalibration calibration = Calibration();
        using DomainPictures pictures = new(networks, calibration.Probe.Pictures);
        DomainProbe probe = new(networks, pictures, calibration.Probe);

        Assert.Equal(DomainVerdict.Inside, Verdict("a face with glasses"));
        Assert.Equal(DomainVerdict.Outside, Verdict("a mohawk and curly hair")); // nobody has both

        DomainVerdict Verdict(string prompt)
        {
            DomainReach drawn = probe.Draw(prompt);
            return DomainJudge.Judge(new DomainMeasurement(drawn, drawn, null), calibration.Probe, (calibration, Digest.Of("calibration"u8))).Verdict;
        }
    }

    private static PackCalibration Calibration()
    {
        string path = Path.Combine(DemoPack.Directory, PackCalibration.FileName);
        return ContractJson.FromBytes<PackCalibration>(File.ReadAllBytes(path), path);
    }

    private static void TakeColours(FrozenNetworks networks)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        foreach ((string name, TorchSharp.Modules.Parameter parameter) in networks.Generator.named_parameters())
        {
            bool isColour = name.StartsWith("to_rgb", StringComparison.Ordinal) && !name.Contains("modulation", StringComparison.Ordinal);
            if (isColour) parameter.copy_(parameter.mean([1], keepdim: true).expand(parameter.shape)); // [1, 3, C, 1, 1] and [1, 3, 1, 1]
        }
    }
}
