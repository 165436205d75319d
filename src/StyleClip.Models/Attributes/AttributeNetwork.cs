using StyleClip.Models.Identity;
using StyleClip.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Models.Attributes;

// B batch, H W pixels, S the body's input side, E embedding, K values
/// <summary>
/// Reads attributes off pictures: a small IR-SE body and a linear head. A pack has one where the truth of its pictures is known; it judges
/// edits. It is in training mode (batch statistics) until <see cref="Freeze"/> or <c>eval()</c>.
/// </summary>
public sealed class AttributeNetwork : nn.Module
{
    private readonly IrSe _body;
    private readonly Linear _head;
    private readonly FaceCrop _whole;

    /// <summary>Builds the network with random weights.</summary>
    /// <param name="body">The sizes of its body.</param>
    /// <param name="values">How many values it reads.</param>
    public AttributeNetwork(IrSeSpec body, int values)
        : base(nameof(AttributeNetwork))
    {
        ArgumentNullException.ThrowIfNull(body);
        Values = values;
        _body = new IrSe(body);
        _head = nn.Linear(body.EmbeddingDim, values);
        _whole = FaceCrop.Whole(body.InputSize);
        register_module("body", _body);
        register_module("head", _head);
    }

    /// <summary>How many values it reads off a picture.</summary>
    public int Values { get; }

    /// <summary>Reads values off pictures of any size; pixels outside [-1, 1] count as the nearest that can be shown.</summary>
    /// <param name="images">The pictures, [B, 3, H, W], RGB in [-1, 1].</param>
    /// <returns>[B, K]; what each means is in the pack's manifest.</returns>
    /// <exception cref="ArgumentException">The images have another shape.</exception>
    public Tensor Measure(Tensor images)
    {
        Shape.Require(images, nameof(images), -1, 3, -1, -1);
        Tensor face = _whole.Apply(images.clamp(-1, 1)); // [B, 3, S, S]
        return _head.forward(_body.Embed(face));
    }

    /// <summary>Copies weights into the network; batch counters may be missing.</summary>
    /// <param name="weights">The weights.</param>
    /// <exception cref="WeightsException">Keys are missing or surplus, or shapes differ.</exception>
    public void Load(StateDict weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        weights.LoadInto(this, "the attribute network", state_dict().Keys.Where(key => key.EndsWith(".num_batches_tracked", StringComparison.Ordinal)).ToHashSet());
    }

    /// <summary>Fixes the weights: evaluation mode, no gradients to parameters.</summary>
    public void Freeze()
    {
        eval();
        foreach (Parameter parameter in parameters()) parameter.requires_grad_(false);
    }
}
