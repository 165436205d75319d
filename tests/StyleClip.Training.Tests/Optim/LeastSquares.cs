using StyleClip.Reference;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Optim;

/// <summary>The small problem on which the original optimisers were recorded: mean((A W + b - Y)^2).</summary>
internal sealed class LeastSquares : IDisposable
{
    private readonly Tensor _a = Formula.Tensor("A:", "input/ranger/A", [5, 3]);
    private readonly Tensor _y = Formula.Tensor("A:", "input/ranger/Y", [5, 4]);

    public Parameter W { get; } = new(Formula.Tensor("A:", "input/ranger/W0", [3, 4]));

    public Parameter B { get; } = new(Formula.Tensor("A:", "input/ranger/b0", [4]));

    public IEnumerable<(string Name, Parameter Parameter)> Parameters => [("W", W), ("b", B)];

    /// <summary>The loss; its gradients are left at the parameters.</summary>
    public float Backward()
    {
        W.grad?.zero_();
        B.grad?.zero_();
        using Tensor loss = (_a.mm(W) + B - _y).square().mean();
        loss.backward();
        return loss.item<float>();
    }

    public void Dispose()
    {
        W.Dispose();
        B.Dispose();
        _a.Dispose();
        _y.Dispose();
    }
}
