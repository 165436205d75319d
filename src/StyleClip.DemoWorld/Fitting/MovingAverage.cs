using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.DemoWorld.Fitting;

/// <summary>An exponential moving average of a module's parameters, kept in a second module of the same shape.</summary>
internal sealed class MovingAverage<TModule>(TModule source, TModule average, double decay)
    where TModule : nn.Module
{
    private readonly (Parameter Source, Parameter Average)[] _pairs = [.. source.parameters().Zip(average.parameters())];

    public TModule Average => average;

    public void Reset()
    {
        using IDisposable untracked = no_grad();
        foreach ((Parameter from, Parameter to) in _pairs) to.copy_(from);
    }

    public void Update()
    {
        using IDisposable untracked = no_grad();
        foreach ((Parameter from, Parameter to) in _pairs) to.mul_(decay).add_(from, alpha: 1 - decay);
    }
}
