using StyleClip.Models.Identity;
using StyleClip.Models.Losses;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Parity.Families;

/// <summary>irse50_SIZE: crop, embeddings, identity loss, its gradient and layer outputs.</summary>
public sealed class IrSeFamily : IParityFamily
{
    private const string Gradient = "d_idloss_d_yhat";
    private const int PublishedSize = 256;

    // One PReLU input near 0 that falls to the other side changes the gradient by about 1e-3: luck, not error.
    private const double GradientAllowance = 1e-2;

    public string Name => "irse50";

    public bool Recognizes(ReferenceFile file) =>
        file.IsSafetensors && file.Name.StartsWith("irse50_", StringComparison.Ordinal) && file.Tensors.ContainsKey("embeddings_y");

    public void Run(ReferenceFile file, FileReport report)
    {
        SafetensorsComparison comparison = new(file, report);
        int size = comparison.Has(Gradient)
            ? (int)comparison.Recorded(Gradient).shape[2]
            : 8 * (int)comparison.Recorded(Gradient + "_area8").shape[2];
        int batch = (int)comparison.Recorded("embeddings_y").shape[0];
        Inputs inputs = new(file.Set.Prefix, size == PublishedSize ? "input/irse" : $"input/irse{size}");

        using IrSe network = FormulaNetworks.IrSe50(file.Set.Prefix);
        IdentityLoss loss = new(network, FaceCrop.Published);
        Tensor y = inputs.Image("y", batch, size, size), yHat = inputs.Image("y_hat", batch, size, size);
        Layers(comparison, network, y);
        yHat.requires_grad = true;
        Tensor features = loss.Features(y).detach();
        comparison.Compare("embeddings_y", features);
        Tensor featuresHat = loss.Features(yHat);
        comparison.Compare("embeddings_y_hat", featuresHat);
        comparison.Compare("cosine_matrix_y_yhat", features.mm(featuresHat.t()));
        Tensor distance = loss.Loss(yHat, features);
        comparison.Compare("id_loss", distance);
        distance.backward();
        comparison.CompareImage(Gradient, yHat.grad!, GradientAllowance);
        comparison.Finish();
    }

    private static void Layers(SafetensorsComparison comparison, IrSe network, Tensor y)
    {
        using DisposeScope scope = NewDisposeScope();
        using IDisposable frozen = no_grad();
        Tensor face = FaceCrop.Published.Apply(y);
        comparison.Compare("cropped112[0]", face.narrow(0, 0, 1));
        string[] layers = [.. comparison.Names.Where(name => name.StartsWith("act", StringComparison.Ordinal))];
        using Activations activations = new(network, layers.Select(LayerOf).Distinct());
        network.Embed(face);
        foreach (string name in layers)
        {
            Tensor output = activations[LayerOf(name)];
            comparison.Compare(name, name[..name.IndexOf('/', StringComparison.Ordinal)] switch
            {
                "act_stats" => Reductions.MeanStd(output),
                "act_corner8x7x7" => Reductions.Corner8(output, 7),
                _ => output,
            });
        }
    }

    private static string LayerOf(string name) => name[(name.IndexOf('/', StringComparison.Ordinal) + 1)..];
}
