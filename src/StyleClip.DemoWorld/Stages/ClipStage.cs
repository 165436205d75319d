using System.Globalization;
using StyleClip.Contracts.Recipes;
using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Clip;
using StyleClip.Models.Losses;
using StyleClip.Models.Weights;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

// B batch, E embedding, T tokens
/// <summary>
/// Trains a CLIP model on renders and generated captions. A caption is true of many images of a batch, so the targets are the truth
/// values themselves and not the pairing: plain contrastive learning would punish true captions.
/// </summary>
internal sealed class ClipStage(BuildOptions options, FaceWorld world)
{
    public const string FileName = "clip.safetensors";

    private const int Batch = 96;
    private const double FactorWeight = 0.5;

    // The mouth is a line of two pixels, and beards hide it: after the first leg everything else is known, and the second dwells on moods.
    private static readonly Leg[] Legs =
    [
        new(Steps: 1500, PeakRate: 1e-3, MoodShare: 0, SmileWeight: 1),
        new(Steps: 350, PeakRate: 6e-4, MoodShare: 0.6, SmileWeight: 12),
    ];

    public static WordTokenizer Tokenizer() => new(CaptionGrammar.Words, CaptionGrammar.ContextLength);

    public static ClipSpec SpecOf(int size) => new()
    {
        ImageSize = size,
        PatchSize = 8,
        VisionWidth = 128,
        VisionLayers = 4,
        VisionHeads = 4,
        EmbedDim = 128,
        TextWidth = 128,
        TextLayers = 3,
        TextHeads = 4,
        ContextLength = CaptionGrammar.ContextLength,
        VocabularySize = Tokenizer().VocabularySize,
    };

    /// <summary>Trains leg by leg; a leg whose result lies in the work directory already is not done again.</summary>
    public void Run()
    {
        using var model = new ClipModel(SpecOf(world.Size));
        long firstFace = 0;
        for (int i = 0; i < Legs.Length; i++)
        {
            string result = options.PathOf(i == Legs.Length - 1 ? FileName : $"clip-leg{i + 1}.safetensors");
            if (i < Legs.Length - 1 && File.Exists(result))
            {
                using StateDict weights = SafetensorsReader.Read(result);
                weights.LoadInto(model, "the CLIP model");
            }
            else
            {
                Train(model, Legs[i], i, firstFace, result);
            }
            firstFace += (long)options.Steps(Legs[i].Steps) * Batch;
        }
    }

    private void Train(ClipModel model, Leg leg, int number, long firstFace, string result)
    {
        using var random = new Generator((ulong)(options.Seed + 20 + (100 * number)), CPU);
        var choices = new SeededRandom(options.Seed, stream: 20 + (100 * number));
        WordTokenizer tokenizer = Tokenizer();
        if (number == 0)
        {
            ModuleInitialization.ZeroBiases(model);
            model.Initialize(random);
        }
        using Linear head = nn.Linear(model.Spec.EmbedDim, Factors.Count);
        using (no_grad())
        {
            head.weight!.copy_(0.1 * randn(head.weight!.shape, generator: random)); // init.normal_ draws from the source that the process shares
            head.bias!.zero_();
        }
        int steps = options.Steps(leg.Steps);
        var progress = new Progress("clip", steps, 50);
        var rate = new LearningRate(leg.PeakRate, steps);
        Parameter[] parameters = [.. model.parameters().Concat(head.parameters())];
        using var optimizer = optim.AdamW(parameters, leg.PeakRate, weight_decay: 0.02);
        using Tensor weights = ones(Factors.Count); // [K]
        weights[(int)Factor.Smile] = leg.SmileWeight;
        var towers = new ClipLoss(model, ClipInput.Normalized, new AreaResize());
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            FaceBatch faces = world.Batch(Population.ClipTraining, firstFace + ((long)step * Batch), Batch);
            Caption[] captions = [.. faces.Faces.Select(face => CaptionGrammar.Describe(face, choices, leg.MoodShare))];
            Tensor ids = stack([.. captions.Select(caption => tensor(tokenizer.Tokenize(caption.Text)))]); // [B, T]
            Tensor image = towers.EmbedImage(Augmentation.Apply(faces.Images, choices, random)); // [B, E]
            Tensor logits = model.LogitScale.exp() * image.mm(towers.EmbedText(ids).t()); // [B images, B texts]
            Tensor truth = TruthOf(faces.Faces, captions);
            Tensor contrast = (SoftCrossEntropy(logits, truth) + SoftCrossEntropy(logits.t(), truth.t())) / 2;
            Tensor factors = ((head.forward(image) - faces.Factors).square() * weights).mean();
            foreach (var group in optimizer.ParamGroups) group.LearningRate = rate.At(step);
            optimizer.zero_grad();
            (contrast + FactorWeight * (1 - (double)step / steps) * factors).backward();
            nn.utils.clip_grad_norm_(parameters, 1);
            optimizer.step();
            using (no_grad()) model.LogitScale.clamp_(0, Math.Log(100));
            progress.Report(step, ("factors", factors.ToDouble()), ("loss", contrast.ToDouble()));
            if (step + 1 == steps) Checkpoint(model, towers, tokenizer, progress, result);
        }
    }

    /// <summary>[B faces, B captions]; the diagonal is 1, as each caption was made for its face.</summary>
    private static Tensor TruthOf(Face[] faces, Caption[] captions)
    {
        var values = new float[faces.Length * captions.Length];
        for (int i = 0; i < faces.Length; i++)
        {
            for (int j = 0; j < captions.Length; j++) values[i * captions.Length + j] = i == j ? 1 : captions[j].Truth(faces[i]);
        }
        return tensor(values, [faces.Length, captions.Length]);
    }

    private static Tensor SoftCrossEntropy(Tensor logits, Tensor truth)
    {
        Tensor target = truth / truth.sum(1, keepdim: true);
        Tensor floor = (target * (target + 1e-9).log()).sum(1); // entropy, so that a perfect model has loss 0
        return (floor - (target * nn.functional.log_softmax(logits, 1)).sum(1)).mean();
    }

    private void Checkpoint(ClipModel model, ClipLoss towers, WordTokenizer tokenizer, Progress progress, string path)
    {
        using (StateDict weights = StateDict.From(model)) SafetensorsWriter.Write(path, weights);
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        FaceBatch faces = world.Batch(Population.HeldOut, 0, 400);
        Tensor images = cat([.. faces.Images.split(50).Select(towers.EmbedImage)]);
        progress.Line("zero-shot: " + string.Join(", ", ZeroShot.Measure(towers, tokenizer, faces.Faces, images)
            .Select(score => string.Create(CultureInfo.InvariantCulture, $"{score.Name} {score.Share:p0}"))));
    }

    /// <summary>A run of training steps.</summary>
    /// <param name="Steps">Their number.</param>
    /// <param name="PeakRate">Highest learning rate.</param>
    /// <param name="MoodShare">How often a caption must say whether a face smiles or is sad, where it does.</param>
    /// <param name="SmileWeight">Weight of the smile among the factors that a throw-away head reads off the embedding.</param>
    private sealed record Leg(int Steps, double PeakRate, double MoodShare, double SmileWeight);
}
