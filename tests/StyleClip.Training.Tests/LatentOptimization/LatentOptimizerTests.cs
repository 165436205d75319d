using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Models.Packs;
using StyleClip.Reference.Packs;
using StyleClip.Training.LatentOptimization;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.LatentOptimization;

public sealed class LatentOptimizerTests : IDisposable
{
    private static readonly LatentOptimizationOptions Options = new() { Steps = 20, LearningRate = 0.05, LambdaId = 0.01 };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly FrozenNetworks _networks = RandomPack.Tiny();
    private readonly ClipLoss _clip;
    private readonly Tensor _text;
    private readonly Tensor _wPlus;

    public LatentOptimizerTests()
    {
        set_num_threads(1);
        using IDisposable frozen = no_grad();
        _clip = _networks.ClipLoss(ClipInput.Normalized);
        _text = _clip.EmbedText(_networks.Tokenize("a face with red hair"));
        using Generator random = new(5, CPU);
        _wPlus = _networks.Generator.Repeat(_networks.Generator.MapToW(randn([1, _networks.Generator.Spec.StyleDim], generator: random)));
    }

    public void Dispose()
    {
        _networks.Dispose();
        _scope.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_image_comes_nearer_to_the_text(bool styleSpace)
    {
        using LatentOptimizer optimizer = Optimizer(styleSpace, Options);
        List<LatentOptimizationReport> reports = [.. Run(optimizer)];
        Assert.True(reports[^1].Clip < reports[0].Clip, $"{reports[0].Clip} became {reports[^1].Clip}");
    }

    [Fact]
    public void The_first_step_has_rate_zero_and_moves_nothing()
    {
        using LatentOptimizer optimizer = Optimizer(styleSpace: false, Options);
        LatentOptimizationReport report = optimizer.Step(out Tensor image);
        Golden.AssertClose(optimizer.StartImage, image, 1e-6);
        Golden.AssertClose(_wPlus, optimizer.Latents[0].detach(), 1e-7);
        Assert.Equal((0, 0), (report.LearningRate, report.L2));
        Assert.Equal(0, report.Identity!.Value, 1e-5);
    }

    [Fact]
    public void In_style_space_the_rgb_styles_stay()
    {
        using LatentOptimizer optimizer = Optimizer(styleSpace: true, Options);
        Tensor[] before = [.. optimizer.Latents.Select(latent => latent.detach().clone())];
        foreach (LatentOptimizationReport _ in Run(optimizer)) { }
        for (int layer = 0; layer < before.Length; layer++)
        {
            bool moved = (optimizer.Latents[layer].detach() - before[layer]).abs().max().ToDouble() > 0;
            Assert.Equal(!_networks.Generator.Spec.StyleIsToRgb[layer], moved);
        }
    }

    [Fact]
    public void A_step_too_many_is_refused()
    {
        using LatentOptimizer optimizer = Optimizer(styleSpace: false, Options with { Steps = 1 });
        optimizer.Step(out _);
        Assert.Throws<InvalidOperationException>(() => optimizer.Step(out _));
    }

    [Fact]
    public void An_identity_weight_without_a_network_is_refused() => Assert.Throws<ArgumentException>(
        () => LatentOptimizer.InWPlus(_networks.Generator, _clip, identityLoss: null, _text, _wPlus, Options));

    private LatentOptimizer Optimizer(bool styleSpace, LatentOptimizationOptions options) => styleSpace
        ? LatentOptimizer.InStyleSpace(_networks.Generator, _clip, _networks.IdentityLoss(), _text, _wPlus, options)
        : LatentOptimizer.InWPlus(_networks.Generator, _clip, _networks.IdentityLoss(), _text, _wPlus, options);

    private static IEnumerable<LatentOptimizationReport> Run(LatentOptimizer optimizer)
    {
        for (int step = 0; step < Options.Steps; step++)
        {
            yield return optimizer.Step(out Tensor image);
            image.Dispose();
        }
    }
}
