using StyleClip.Contracts.Recipes;
using StyleClip.DemoWorld.World;
using StyleClip.Models.Losses;
using StyleClip.Models.Mappers;
using StyleClip.Models.Packs;
using StyleClip.Training.Optim;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Stages;

/// <summary>A mapper trained by the recipe that suits small worlds.</summary>
internal sealed class PromptMapper : IDisposable
{
    private const int Batch = 8;
    private const double Rate = 1.0, Strength = 0.1, IdentityWeight = 0.5, LatentWeight = 0.8;
    private readonly Mapper _mapper;

    private PromptMapper(Mapper mapper) => _mapper = mapper;

    public Tensor Edit(Tensor wPlus) => wPlus + (Strength * _mapper.Delta(wPlus));

    public static PromptMapper Train(FrozenNetworks pack, FaceWorld world, string prompt, int steps)
    {
        ClipLoss clip = pack.ClipLoss(pack.Manifest.ClipInput);
        IdentityLoss identity = pack.IdentityLoss()!;
        using var random = new Generator(50, CPU);
        Mapper mapper = MapperFactory.Create(MapperSpec.For(pack.Generator.Spec) with { CoarseEnd = 3, MediumEnd = 6, PixelNormAxis = PixelNormAxis.Feature }, random);
        var result = new PromptMapper(mapper);
        using var optimizer = new Training.Optim.Adam(mapper.named_parameters(), new AdamOptions { LearningRate = Rate });
        using Tensor text = Untracked(() => clip.EmbedText(pack.Tokenize(prompt)));
        LearningRateSchedule rate = LearningRateSchedule.Cosine(Rate, steps);
        for (int step = 0; step < steps; step++)
        {
            using DisposeScope scope = NewDisposeScope();
            Tensor wPlus, features;
            using (no_grad())
            {
                wPlus = pack.Generator.Repeat(pack.Generator.MapToW(world.Latents(Population.MapperTraining, (long)step * Batch, Batch)));
                features = identity.Features(pack.Generator.Synthesize(wPlus));
            }
            Tensor edited = result.Edit(wPlus), image = pack.Generator.Synthesize(edited);
            Tensor loss = clip.Loss(image, text) + (IdentityWeight * identity.Loss(image, features)) + (LatentWeight * LatentL2Loss.WPlus(edited, wPlus));
            mapper.zero_grad();
            loss.backward();
            optimizer.LearningRate = rate.At(step);
            optimizer.Step();
        }
        return result;
    }

    public void Dispose() => _mapper.Dispose();

    private static Tensor Untracked(Func<Tensor> compute)
    {
        using IDisposable untracked = no_grad();
        return compute();
    }
}
