using StyleClip.Contracts.Recipes;
using StyleClip.Models.Mappers;
using StyleClip.Training.Edits;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;

namespace StyleClip.Training.Mapping;

// B batch, L style layers, D style width

/// <summary>A mapper at work on a generator: edited = source + strength * delta, in W+ or in style space. Owns the mapper alone.</summary>
public abstract class MapperEdit : ICodeEdit
{
    private protected MapperEdit(nn.Module module, Generator generator, double strength)
    {
        (Module, Generator, Strength) = (module, generator, strength);
        Parameters = [.. module.named_parameters().Select(pair => (pair.name, pair.parameter))];
    }

    /// <summary>The mapper, with the upstream keys.</summary>
    public nn.Module Module { get; }

    /// <summary>The mapper's parameters, in the order of the gradients.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters { get; }

    /// <summary>The frozen generator.</summary>
    protected Generator Generator { get; }

    /// <summary>Factor on the mapper's output.</summary>
    protected double Strength { get; }

    /// <summary>Makes the mapper that a recipe asks for, with drawn weights, on the generator's device.</summary>
    /// <param name="recipe">Kind, levels and strength.</param>
    /// <param name="generator">The frozen generator.</param>
    /// <param name="seed">Seed of the weights.</param>
    /// <returns>The mapper at work; the caller disposes it.</returns>
    public static MapperEdit Create(MapperRecipe recipe, Generator generator, long seed)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        ArgumentNullException.ThrowIfNull(generator);
        MapperSpec spec = MapperSpec.For(generator.Spec, recipe.Kind) with
        {
            Levels = recipe.Levels,
            CoarseEnd = recipe.CoarseEnd,
            MediumEnd = recipe.MediumEnd,
            Depth = recipe.Depth,
            PixelNormAxis = recipe.PixelNormAxis,
        };
        Device device = generator.parameters().First().device;
        using var random = new torch.Generator((ulong)seed, CPU);
        if (recipe.Kind is MapperKind.FullStyleSpace or MapperKind.StyleSpaceWithoutToRgb)
        {
            StyleSpaceMapper styleSpace = MapperFactory.CreateStyleSpace(spec, random);
            styleSpace.to(device);
            return new StyleSpaceEdit(styleSpace, generator, recipe.Strength);
        }

        Mapper mapper = MapperFactory.Create(spec, random);
        mapper.to(device);
        return new WPlusEdit(mapper, generator, recipe.Strength);
    }

    /// <inheritdoc/>
    public abstract bool NeedsWPlus { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Tensor> Offset(ImageCodes codes);

    /// <summary>Moves codes as the mapper says.</summary>
    /// <param name="latents">[B, D] (W) or [B, L, D] (W+).</param>
    public abstract EditedLatents Apply(Tensor latents);

    /// <summary>The images of edited codes, [B, 3, H, W].</summary>
    /// <param name="latents">The codes; the edited ones are used.</param>
    public abstract Tensor Synthesize(EditedLatents latents);

    /// <summary>The latent term: how far the edit moves the codes, a scalar.</summary>
    /// <param name="latents">The codes.</param>
    public abstract Tensor LatentL2(EditedLatents latents);

    /// <summary>The images without an edit, [B, 3, H, W].</summary>
    /// <param name="latents">[B, D] (W) or [B, L, D] (W+).</param>
    public Tensor SynthesizeSource(Tensor latents) => Generator.Synthesize(WPlus(latents));

    /// <inheritdoc/>
    public void Dispose()
    {
        Module.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>[B, D] or [B, L, D] -> [B, L, D]</summary>
    private protected Tensor WPlus(Tensor latents) => latents.dim() == 2 ? Generator.Repeat(latents) : latents;
}
