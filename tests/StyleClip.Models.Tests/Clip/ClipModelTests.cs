using StyleClip.Models.Clip;
using StyleClip.Models.Weights;
using StyleClip.Reference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Clip;

public sealed class ClipModelTests : IDisposable
{
    private static readonly ClipSpec Tiny = new()
    {
        ImageSize = 32,
        PatchSize = 8,
        VisionWidth = 128,
        VisionLayers = 2,
        VisionHeads = 2,
        EmbedDim = 32,
        TextWidth = 64,
        TextLayers = 2,
        TextHeads = 1,
        ContextLength = 16,
        VocabularySize = 512,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly GoldenData _golden = new("clip_tiny");
    private readonly ClipModel _model = new(Tiny);

    public ClipModelTests() => FormulaWeights.Fill(_model, GoldenData.Prefix, WeightFamily.Clip);

    public void Dispose()
    {
        _model.Dispose();
        _golden.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void Features_equal_the_recorded_ones()
    {
        _golden.Check("image_features", _model.EncodeImage(Image()));
        _golden.Check("text_features", _model.EncodeText(_golden["ids"]));
    }

    [Fact]
    public void The_gradient_to_the_image_of_a_frozen_model_equals_the_recorded_one()
    {
        _model.Freeze();
        Tensor image = Image().requires_grad_();
        Tensor images = nn.functional.normalize(_model.EncodeImage(image));
        Tensor texts = nn.functional.normalize(_model.EncodeText(_golden["ids"]));
        Tensor distances = 1 - images.mm(texts.t());
        distances.mean().backward();
        _golden.Check("cosine_distance", distances);
        _golden.Check("d_mean_cosdist_d_image", image.grad!);
        Assert.All(_model.parameters(), parameter => Assert.Null(parameter.grad));
    }

    [Fact]
    public void Sizes_follow_from_the_shapes_of_the_weights()
    {
        using StateDict weights = StateDict.From(_model);
        Assert.Equal(Tiny, ClipSpec.Infer(weights));
    }

    [Fact]
    public void Weights_of_something_else_are_refused()
    {
        using var weights = new StateDict([new("input_layer.0.weight", zeros(1))]);
        Assert.Contains("visual.conv1.weight", Assert.Throws<ArgumentException>(() => ClipSpec.Infer(weights)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_and_shapes_are_those_of_the_published_state_dictionary()
    {
        Assert.Equal(Manifest.Shapes("clip_tiny"), Manifest.Shapes(_model));
        using var full = new ClipModel(ClipSpec.VitB32);
        Assert.Equal(Manifest.Shapes("clip_vitb32"), Manifest.Shapes(full));
        Assert.Equal(151_277_313, full.parameters().Sum(parameter => parameter.NumberOfElements));
    }

    [Fact]
    public void What_follows_the_end_of_a_text_changes_nothing()
    {
        Tensor ids = tensor(new long[,] { { 1, 40, 511, 7, 9, 3 }, { 1, 41, 42, 511, 300, 2 } });
        Tensor padded = tensor(new long[,] { { 1, 40, 511, 0, 0, 0, 0, 0 }, { 1, 41, 42, 511, 0, 0, 0, 0 } });
        Assert.True(_model.EncodeText(ids).equal(_model.EncodeText(padded)).all().ToBoolean());
        Tensor alone = _model.EncodeText(padded.narrow(0, 0, 1)); // cut to three columns instead of four
        Assert.True(alone.allclose(_model.EncodeText(padded).narrow(0, 0, 1), rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void Ids_outside_the_vocabulary_or_the_context_are_refused()
    {
        Assert.Contains("512", Assert.Throws<ArgumentException>(() => _model.EncodeText(tensor(new long[,] { { 1, 512 } }))).Message, StringComparison.Ordinal);
        Assert.Contains("17 tokens", Assert.Throws<ArgumentException>(() => _model.EncodeText(ones(1, 17, ScalarType.Int64))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_image_of_another_size_is_refused() =>
        Assert.Contains("[*, 3, 32, 32]", Assert.Throws<ArgumentException>(() => _model.EncodeImage(zeros(1, 3, 224, 224))).Message, StringComparison.Ordinal);

    [Fact]
    public void Every_parameter_follows_a_change_of_the_element_type()
    {
        Tensor expected = _model.EncodeImage(Image());
        Tensor expectedText = _model.EncodeText(_golden["ids"]);
        _model.to(ScalarType.Float64);
        Assert.All(_model.parameters(), parameter => Assert.Equal(ScalarType.Float64, parameter.dtype));
        Tensor actual = _model.EncodeImage(Image());
        Tensor actualText = _model.EncodeText(_golden["ids"]);
        Assert.Equal(ScalarType.Float64, actual.dtype);
        Assert.True(actual.allclose(expected.to(ScalarType.Float64), rtol: 1e-4, atol: 1e-5));
        Assert.True(actualText.allclose(expectedText.to(ScalarType.Float64), rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Training_from_initial_weights_brings_an_image_to_its_caption()
    {
        _model.Initialize(new Generator(7, CPU));
        using var optimizer = optim.Adam(_model.parameters(), 1e-3);
        Tensor image = Image().narrow(0, 0, 1), ids = _golden["ids"].narrow(0, 0, 1);
        double Step()
        {
            using DisposeScope step = NewDisposeScope();
            Tensor distance = 1 - nn.functional.cosine_similarity(_model.EncodeImage(image), _model.EncodeText(ids)).mean();
            optimizer.zero_grad();
            distance.backward();
            optimizer.step();
            return distance.ToDouble();
        }

        double before = Step();
        for (int i = 0; i < 20; i++) Step();
        Assert.True(before > 0.5);
        Assert.True(Step() < 0.1);
        Parameter[] untouched = [.. _model.parameters().Where(parameter => parameter.grad is null)];
        Assert.Equal(_model.LogitScale.Handle, Assert.Single(untouched).Handle); // nothing here used the temperature
    }

    private static Tensor Image() => Formula.Image(GoldenData.Prefix, "input/clip_tiny/image", 2, 32, 32);
}
