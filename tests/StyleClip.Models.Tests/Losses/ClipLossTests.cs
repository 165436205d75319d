using StyleClip.Contracts.Recipes;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Models.Tests.Losses;

public sealed class ClipLossTests : IDisposable
{
    private static readonly ClipSpec Small = new()
    {
        ImageSize = 16,
        PatchSize = 8,
        VisionWidth = 32,
        VisionLayers = 1,
        VisionHeads = 4,
        EmbedDim = 8,
        TextWidth = 16,
        TextLayers = 1,
        TextHeads = 2,
        ContextLength = 6,
        VocabularySize = 20,
    };

    private readonly DisposeScope _scope = NewDisposeScope();
    private readonly ClipModel _model = new(Small);
    private readonly Tensor _image;

    public ClipLossTests()
    {
        _model.Initialize(new Generator(11, CPU));
        _model.Freeze();
        _image = 1.6 * (rand(2, 3, 32, 32, generator: new Generator(12, CPU)) - 0.5);
    }

    public void Dispose()
    {
        _model.Dispose();
        _scope.Dispose();
    }

    [Fact]
    public void It_is_one_minus_the_mean_cosine_to_one_text_or_to_one_each()
    {
        var loss = new ClipLoss(_model, ClipInput.Raw, new AreaResize());
        Tensor ids = tensor(new long[,] { { 1, 5, 19, 0 }, { 1, 7, 8, 19 } });
        Tensor texts = loss.EmbedText(ids);
        Tensor images = _model.EncodeImage(nn.functional.avg_pool2d(_image, 2));
        double each = 1 - nn.functional.cosine_similarity(images, _model.EncodeText(ids)).mean().ToDouble();
        double one = 1 - nn.functional.cosine_similarity(images, texts.narrow(0, 0, 1).expand(2, -1)).mean().ToDouble();
        Assert.Equal(each, loss.Loss(_image, texts).ToDouble(), 1e-6);
        Assert.Equal(one, loss.Loss(_image, texts.narrow(0, 0, 1)).ToDouble(), 1e-6);
        Assert.Equal([1f, 1f], texts.norm(1).data<float>().ToArray().Select(length => MathF.Round(length, 5)));
    }

    [Fact]
    public void Normalised_input_is_what_clip_was_trained_on()
    {
        var loss = new ClipLoss(_model, ClipInput.Normalized, new AreaResize());
        Tensor mean = tensor(new[] { 0.48145466f, 0.4578275f, 0.40821073f }).view(1, 3, 1, 1);
        Tensor deviation = tensor(new[] { 0.26862954f, 0.26130258f, 0.27577711f }).view(1, 3, 1, 1);
        Tensor seen = (((nn.functional.avg_pool2d(_image, 2) + 1) / 2) - mean) / deviation;
        Tensor expected = nn.functional.normalize(_model.EncodeImage(seen));
        Assert.True(loss.EmbedImage(_image).allclose(expected, rtol: 1e-4, atol: 1e-5));
    }

    [Fact]
    public void Pixels_beyond_the_visible_range_count_as_saturated_in_normalised_input_only()
    {
        Tensor glaring = (3 * _image).requires_grad_();
        Tensor text = nn.functional.normalize(ones(1, 8));
        Tensor outside = glaring.detach().abs() > 1;
        var shown = new ClipLoss(_model, ClipInput.Normalized, new AreaResize());
        Tensor gradient = autograd.grad([shown.Loss(glaring, text)], [glaring])[0];
        Assert.Equal(0f, gradient.masked_select(outside).abs().max().ToSingle());
        Assert.True(shown.EmbedImage(glaring).allclose(shown.EmbedImage(glaring.clamp(-1, 1))));

        var raw = new ClipLoss(_model, ClipInput.Raw, new AreaResize());
        Tensor rawGradient = autograd.grad([raw.Loss(glaring, text)], [glaring])[0];
        Assert.True(rawGradient.masked_select(outside).abs().min().ToSingle() > 0);
    }

    [Fact]
    public void Texts_are_embedded_with_the_tokenizer_of_the_model()
    {
        var tokenizer = new WordTokenizer(["smiling", "face", "a"], contextLength: 6);
        var loss = new ClipLoss(_model, ClipInput.Raw, new AreaResize());
        Tensor texts = loss.EmbedText(tokenizer, "a face", "a smiling face");
        Tensor second = loss.EmbedText(tensor(tokenizer.Tokenize("a smiling face"), 1, 6));
        Assert.Equal([2, 8], texts.shape);
        Assert.True(texts.narrow(0, 1, 1).allclose(second, rtol: 1e-5, atol: 1e-6));
    }

    [Fact]
    public void A_model_in_half_precision_still_gives_single_precision_cosines()
    {
        var loss = new ClipLoss(_model, ClipInput.Normalized, new AreaResize());
        Tensor text = nn.functional.normalize(ones(1, 8));
        float expected = loss.Loss(_image, text).ToSingle();
        _model.to(ScalarType.BFloat16);
        Tensor image = _image.clone().requires_grad_();
        Tensor value = loss.Loss(image, text);
        value.backward();
        Assert.Equal(ScalarType.Float32, value.dtype);
        Assert.Equal(expected, value.ToSingle(), 0.03f);
        Assert.Equal(ScalarType.Float32, image.grad!.dtype);
    }

    [Fact]
    public void Texts_that_fit_neither_one_nor_each_image_are_refused()
    {
        var loss = new ClipLoss(_model, ClipInput.Raw, new AreaResize());
        Assert.Throws<ArgumentException>(() => loss.Loss(_image, ones(3, 8)));
        Assert.Throws<ArgumentException>(() => loss.Loss(_image, ones(8)));
    }
}
