using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Reference.Literal;
using StyleClip.Reference.Packs;
using StyleClip.Training.Baselines;
using StyleClip.Training.LatentOptimization;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Baselines;

public sealed class TediGanOptimizerTests : IDisposable
{
    private const int Steps = 40;

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FrozenNetworks _networks = RandomPack.Tiny(hasPerceptual: true);
    private readonly ClipLoss _clip;
    private readonly Tensor _text;
    private readonly Tensor _code;

    public TediGanOptimizerTests()
    {
        set_num_threads(1);
        using IDisposable untracked = no_grad();
        _clip = _networks.ClipLoss(ClipInput.Raw);
        _text = _clip.EmbedText(_networks.Tokenize("a face with red hair"));
        using Generator random = new(5, CPU);
        _code = _networks.Generator.Repeat(_networks.Generator.MapToW(randn([1, _networks.Generator.Spec.StyleDim], generator: random)));
    }

    [Theory]
    [InlineData(TediGanStart.Mean, true)]
    [InlineData(TediGanStart.Code, true)]
    [InlineData(TediGanStart.Mean, false)]
    public void Losses_rates_and_latent_are_those_of_the_loop_written_out(TediGanStart start, bool hasPerceptual)
    {
        Tensor mean = _networks.Generator.Repeat(_networks.MeanW.unsqueeze(0));
        AreaResize resize = new();
        (IReadOnlyList<LiteralTediGan.Losses> expected, Tensor latent) = LiteralTediGan.Run(
            _networks.Generator.Synthesize,
            image => _networks.Clip.EncodeImage(resize.Apply(image, _networks.Clip.Spec.ImageSize)),
            _networks.Clip.EncodeText(_networks.Tokenize("a face with red hair")).detach(),
            _networks.Generator.Synthesize(_code).detach(),
            start == TediGanStart.Mean ? mean : _code,
            Steps,
            hasPerceptual ? _networks.Perceptual!.Embed : null);

        using TediGanOptimizer optimizer = Optimizer(start, hasPerceptual);
        for (int step = 0; step < Steps; step++)
        {
            LatentOptimizationReport report = optimizer.Step(out _);
            Assert.Equal(expected[step].LearningRate, report.LearningRate, 1e-12);
            Assert.Equal(expected[step].Pixels, report.Pixels!.Value, 1e-4);
            Assert.Equal(expected[step].Latent, report.L2, 1e-4);
            Assert.Equal(expected[step].Clip, report.Clip, 1e-4);
            Assert.Equal(hasPerceptual, report.Perceptual is not null);
            Assert.Equal(expected[step].Vgg, report.Perceptual ?? 0, 1e-3 * Math.Max(1, expected[step].Vgg));
        }

        Golden.AssertClose(latent, optimizer.Latents[0], 5e-3); // Adam divides by small roots: single entries drift with rounding
    }

    [Fact]
    public void The_defaults_are_the_published_constants()
    {
        TediGanOptions published = new();
        Assert.Equal((200, 0.1, 1.0, 5e-5, 2.0, 1.0, TediGanStart.Mean), (published.Steps, published.LearningRate, published.LambdaPixels, published.LambdaPerceptual, published.LambdaLatent, published.LambdaClip, published.Start));
    }

    [Fact]
    public void From_the_code_it_starts_at_the_picture_and_from_the_mean_elsewhere()
    {
        using TediGanOptimizer code = Optimizer(TediGanStart.Code), mean = Optimizer(TediGanStart.Mean);
        Assert.Equal(0, code.Step(out _).Pixels!.Value, 1e-10);
        Assert.True(mean.Step(out _).Pixels > 1e-3);
        Golden.AssertClose(code.StartImage, mean.StartImage, 0);
    }

    [Fact]
    public void A_step_too_many_is_refused()
    {
        using TediGanOptimizer optimizer = new(_networks.Generator, _clip, _text, _code, _networks.MeanW, new TediGanOptions { Steps = 1 });
        optimizer.Step(out _);
        Assert.Throws<InvalidOperationException>(() => optimizer.Step(out _));
    }

    public void Dispose()
    {
        _networks.Dispose();
        _scope.Dispose();
    }

    private TediGanOptimizer Optimizer(TediGanStart start, bool hasPerceptual = true) =>
        new(_networks.Generator, _clip, _text, _code, _networks.MeanW, new TediGanOptions { Steps = Steps, Start = start }, hasPerceptual ? _networks.PerceptualLoss() : null);
}
