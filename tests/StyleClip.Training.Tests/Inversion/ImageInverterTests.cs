using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.Inversion;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Inversion;

public sealed class ImageInverterTests : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FrozenNetworks _networks = RandomPack.Tiny();

    public ImageInverterTests() => set_num_threads(1);

    [Fact]
    public void A_seed_gives_one_code_and_another_seed_another()
    {
        Tensor first = Invert(seed: 1), second = Invert(seed: 1), other = Invert(seed: 2);

        Assert.Equal(first.bytes.ToArray(), second.bytes.ToArray());
        Assert.NotEqual(first.bytes.ToArray(), other.bytes.ToArray());
    }

    [Fact]
    public void It_starts_at_the_mean_latent_and_the_fit_becomes_better()
    {
        using ImageInverter inverter = new(_networks, Target(), new InversionOptions { Steps = 60 });
        Golden.AssertClose(_networks.Generator.Repeat(_networks.MeanW.unsqueeze(0)), inverter.WPlus, 0);
        InversionFit before = InversionFit.Of(_networks, Target(), inverter.Synthesize());

        while (inverter.StepsDone < 60) inverter.Step();

        InversionFit after = InversionFit.Of(_networks, Target(), inverter.Synthesize());
        Assert.True(after.Psnr > before.Psnr + 6, $"{before.Psnr} dB became {after.Psnr} dB");
        Assert.True(after.IdentitySimilarity > before.IdentitySimilarity);
        Assert.Throws<InvalidOperationException>(inverter.Step);
    }

    [Fact]
    public void A_pack_with_a_perceptual_network_compares_by_it_too()
    {
        using FrozenNetworks pack = RandomPack.Tiny(hasPerceptual: true);
        using ImageInverter inverter = new(pack, Target(), new InversionOptions { Steps = 60, LambdaPixels = 0, LambdaId = 0 });
        InversionFit before = InversionFit.Of(pack, Target(), inverter.Synthesize());
        double first = inverter.Step().Perceptual!.Value;
        InversionReport last = inverter.Step();
        while (inverter.StepsDone < 60) last = inverter.Step();

        InversionFit after = InversionFit.Of(pack, Target(), inverter.Synthesize());
        Assert.True(last.Perceptual < first / 2, $"{first} became {last.Perceptual}");
        Assert.True(after.PerceptualSimilarity > before.PerceptualSimilarity);
        Assert.Equal(1, InversionFit.Of(pack, Target(), Target()).PerceptualSimilarity!.Value, 1e-5);
        Assert.Null(InversionFit.Of(_networks, Target(), Target()).PerceptualSimilarity);

        using ImageInverter without = new(pack, Target(), new InversionOptions { LambdaPerceptual = 0 });
        Assert.Null(without.Step().Perceptual);
    }

    [Fact]
    public void The_fit_is_measured_on_8_bit_pixels()
    {
        Tensor black = full([1, 3, 32, 32], -1f), grey = full([1, 3, 32, 32], -1f + (10 / 127.5f));
        InversionFit fit = InversionFit.Of(_networks, black, grey);
        Assert.Equal(10, fit.PixelRmse, 1e-9);
        Assert.Equal(20 * Math.Log10(25.5), fit.Psnr!.Value, 1e-9);
        Assert.Null(InversionFit.Of(_networks, black, black).Psnr);
    }

    public void Dispose()
    {
        _networks.Dispose();
        _scope.Dispose();
    }

    private Tensor Invert(long seed)
    {
        using ImageInverter inverter = new(_networks, Target(), new InversionOptions { Steps = 6, Seed = seed });
        while (inverter.StepsDone < 6) inverter.Step();
        return inverter.WPlus.detach().clone();
    }

    private Tensor Target()
    {
        using IDisposable untracked = no_grad();
        using Generator random = new(5, CPU);
        return _networks.Generator.Synthesize(_networks.Generator.Repeat(_networks.Generator.MapToW(randn([1, _networks.Generator.Spec.StyleDim], generator: random))));
    }
}
