using StyleClip.Contracts.Recipes;
using StyleClip.Models.Losses;
using StyleClip.Training.Latents;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

// B batch, E embedding, H W pixels

/// <summary>
/// The objective of a latent mapper and its gradient (StyleCLIP, section 5): clip * L_clip + identity * L_id + latentL2 * L_l2. Nothing is
/// computed for a term of weight 0, save the latent term, which costs nothing and is always reported.
/// </summary>
/// <param name="edit">The mapper at work.</param>
/// <param name="loss">Weights of the terms, and what the CLIP term compares.</param>
/// <param name="clip">The CLIP model with its input.</param>
/// <param name="identity">The identity network; null where there is none.</param>
/// <param name="target">The prompt.</param>
public sealed class MapperStep(MapperEdit edit, LossRecipe loss, ClipLoss clip, IdentityLoss? identity, PromptTarget target)
{
    private readonly IdentityLoss? _identity = loss.Identity == 0 ? null : identity;

    /// <summary>Whether the identity term is computed.</summary>
    internal bool HasIdentityTerm => _identity is not null;

    /// <summary>Time of the parts of the step; the caller starts and reads it.</summary>
    internal StepClock Clock { get; } = new();

    /// <summary>Computes terms and gradient of one batch or micro-shard; the tensors are in the caller's dispose scope.</summary>
    /// <param name="batch">The latents and the features of their source images.</param>
    /// <exception cref="InvalidOperationException">The identity term is asked for and the batch has no identity features.</exception>
    public StepGradient Run(LatentBatch batch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        EditedLatents latents = edit.Apply(batch.Latents);
        Tensor latentL2 = edit.LatentL2(latents);
        Clock.Lap(StepPhase.Mapper);

        Tensor image = edit.Synthesize(latents); // [B, 3, H, W]
        Clock.Lap(StepPhase.Synthesis);

        Tensor clipTerm = loss.Clip == 0
            ? zeros_like(latentL2)
            : 1 - target.Cosine(loss.ClipTarget, clip.EmbedImage(image), batch.Clip).mean();
        Clock.Lap(StepPhase.Clip);

        Tensor? identityTerm = _identity?.Loss(image, IdentityOf(batch));
        Clock.Lap(StepPhase.Identity);

        Tensor objective = (loss.Clip * clipTerm) + (loss.LatentL2 * latentL2);
        if (identityTerm is not null) objective += loss.Identity * identityTerm;
        Tensor[] parameters = [.. edit.Parameters.Select(entry => entry.Parameter)];
        IList<Tensor> gradients = autograd.grad([objective], parameters);
        Clock.Lap(StepPhase.Backward);
        return new(clipTerm.detach(), identityTerm?.detach(), latentL2.detach(), [.. gradients]);
    }

    private static Tensor IdentityOf(LatentBatch batch) =>
        batch.Identity ?? throw new InvalidOperationException("The identity term needs the identity features of the source images; the latent bank has none.");
}
