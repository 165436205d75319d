using static TorchSharp.torch;

namespace StyleClip.Parity;

/// <summary>Watches the outputs of a network's modules by name while it runs, without changing them.</summary>
public sealed class Activations : IDisposable
{
    private readonly Dictionary<string, Tensor> _outputs = new(StringComparer.Ordinal);
    private readonly List<IDisposable> _copies = [];

    /// <param name="network">The network to watch.</param>
    /// <param name="modules">State-dict names of modules with one input and one output.</param>
    public Activations(nn.Module network, IEnumerable<string> modules)
    {
        HashSet<string> wanted = [.. modules];
        foreach ((string name, nn.Module module) in network.named_modules())
        {
            if (!wanted.Remove(name)) continue;
            if (module is not nn.Module<Tensor, Tensor> watched) throw new ArgumentException($"'{name}' has more than one input.", nameof(modules));
            watched.register_forward_hook((_, _, output) =>
            {
                Keep(name, output);
                return output;
            });
        }

        if (wanted.Count > 0) throw new InvalidDataException($"The network has no module '{wanted.First()}'.");
    }

    /// <summary>The last output of a module; owned here.</summary>
    /// <exception cref="InvalidDataException">The module did not run.</exception>
    public Tensor this[string module] => _outputs.TryGetValue(module, out Tensor? output)
        ? output
        : throw new InvalidDataException($"The module '{module}' did not run.");

    private void Keep(string name, Tensor output)
    {
        Tensor copy = output.detach().clone().DetachFromDisposeScope();
        _copies.Add(copy);
        _outputs[name] = copy;
    }

    public void Dispose()
    {
        foreach (IDisposable copy in _copies) copy.Dispose();
    }
}
