using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using StyleClip.Contracts.Packs;

namespace StyleClip.Models.Weights.Upstream;

/// <summary>
/// Reads the convolutions of a VGG network: torchvision's <c>vgg16</c>, LPIPS's slices of it, or the numbered layers of TediGAN's copy. All count
/// convolutions, ReLUs and poolings alike.
/// </summary>
public static partial class VggFile
{
    // TediGAN compares what leaves layer 23 of the list, the fourth pooling of VGG16.
    private const int LastLayer = 23;

    private static readonly string?[] Places = [null, "state_dict"];

    /// <summary>Reads the convolutions up to VGG16's fourth pooling. Nothing is checked against a network yet.</summary>
    /// <param name="path">A state dictionary in any layout.</param>
    /// <exception cref="WeightsException">The file holds no such network.</exception>
    public static UpstreamNetwork Read(string path)
    {
        using WeightFile file = WeightFile.Open(path);
        foreach (string? place in Places)
        {
            using StateDict? weights = file.Find(place);
            if (weights is null) continue;
            KeyValuePair<string, TorchSharp.torch.Tensor>[] layers = [.. weights.Select(pair => (Match: Key().Match(pair.Key), pair.Value)).Where(layer => layer.Match.Success)
                .Select(layer => KeyValuePair.Create($"features.{layer.Match.Groups["layer"].Value}.{layer.Match.Groups["part"].Value}", layer.Value))];
            if (!layers.Any(layer => layer.Key == "features.0.weight")) continue;
            int last = layers.Max(layer => Layer(layer.Key));
            ImmutableArray<string> notes = last > LastLayer || layers.Length < weights.Count
                ? [$"Features end at layer {Math.Min(last, LastLayer)}, as TediGAN's; {weights.Count - layers.Count(layer => Layer(layer.Key) <= LastLayer)} other tensors were left out."]
                : [];
            return new UpstreamNetwork($"VGG network, {file.Layout}", Translation.ToFloat32(layers)) { Notes = notes };
        }

        throw new WeightsException($"{path} is a {file.Layout} with {file.Describe()}; a VGG network has keys such as features.0.weight.");
    }

    /// <summary>Takes the layers that count and reads their sizes off the shapes; where poolings are is told by the gaps between the numbers.</summary>
    /// <param name="weights">What <see cref="Read"/> gives.</param>
    /// <param name="input">How the network takes images, which no file says.</param>
    /// <returns>The shape, and the tensors of its layers; the caller disposes them.</returns>
    /// <exception cref="WeightsException">The numbers or shapes describe no such network.</exception>
    public static (PackPerceptual Spec, StateDict Weights) Infer(StateDict weights, PerceptualInput input)
    {
        ArgumentNullException.ThrowIfNull(weights);
        int[] all = [.. weights.Keys.Select(Layer).Distinct().Order()];
        int[] kept = [.. all.Where(layer => layer <= LastLayer)];
        var layers = ImmutableArray.CreateBuilder<PackPerceptualLayer>();
        foreach ((int i, int layer) in kept.Index())
        {
            int gap = i + 1 < all.Length ? all[i + 1] - layer : 2; // a ReLU, and a pooling or none
            string key = string.Create(CultureInfo.InvariantCulture, $"features.{layer}.weight");
            if (gap is not (2 or 3) || !weights.TryGetValue(key, out TorchSharp.torch.Tensor? weight) || weight.shape is not [var channelsOut, var channelsIn, 3, 3])
                throw new WeightsException($"Layer {layer} of the VGG network must be a 3 x 3 convolution, the next 2 or 3 layers after it.");
            layers.Add(new((int)channelsIn, (int)channelsOut, Pool: gap == 3));
        }

        return (
            new() { Layers = layers.ToImmutable(), Input = input },
            new StateDict(weights.Where(pair => Layer(pair.Key) <= LastLayer).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.alias()))));
    }

    private static int Layer(string key) => int.Parse(key.Split('.')[1], CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^(features\.|net\.slice\d\.|slice\d\.|layer)(?<layer>\d{1,2})\.(?<part>weight|bias)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Key();
}
