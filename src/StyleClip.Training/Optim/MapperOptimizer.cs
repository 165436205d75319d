using StyleClip.Contracts.Recipes;
using StyleClip.Models;
using StyleClip.Models.Weights;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace StyleClip.Training.Optim;

/// <summary>What the optimisers share: the parameters, the named state with its lifetime, and the checks at the door.</summary>
public abstract class MapperOptimizer : IMapperOptimizer
{
    private readonly (string Name, Parameter Parameter)[] _parameters;
    private readonly SortedDictionary<string, Tensor> _state = new(StringComparer.Ordinal);

    private protected MapperOptimizer(IEnumerable<(string Name, Parameter Parameter)> parameters, double learningRate)
    {
        _parameters = [.. parameters];
        LearningRate = learningRate;
        foreach ((string name, Parameter parameter) in _parameters)
        {
            if (parameter.dtype is not (ScalarType.Float32 or ScalarType.Float64))
                throw new ArgumentException($"{name} is {parameter.dtype}; the optimiser works in Float32 or Float64.", nameof(parameters));
        }
    }

    /// <inheritdoc/>
    public long StepCount { get; private set; }

    /// <inheritdoc/>
    public double LearningRate { get; set; }

    /// <inheritdoc/>
    public IReadOnlyDictionary<string, Tensor> State => _state;

    /// <summary>The parameters, in the order of the gradients.</summary>
    public IReadOnlyList<(string Name, Parameter Parameter)> Parameters => _parameters;

    /// <summary>Builds the optimiser that a recipe asks for.</summary>
    /// <param name="recipe">Kind, learning rate and, where they differ from the kind's own, betas and epsilon.</param>
    /// <param name="parameters">Names and parameters, such as a module's <c>named_parameters()</c>; they stay the caller's.</param>
    /// <returns>A fresh optimiser; the caller disposes it.</returns>
    public static IMapperOptimizer Create(OptimizerRecipe recipe, IEnumerable<(string Name, Parameter Parameter)> parameters)
    {
        ArgumentNullException.ThrowIfNull(recipe);
        RangerOptions ranger = new() { LearningRate = recipe.LearningRate };
        AdamOptions adam = new() { LearningRate = recipe.LearningRate };
        return recipe.Kind switch
        {
            OptimizerKind.Ranger => new Ranger(parameters, ranger with
            {
                Beta1 = recipe.Beta1 ?? ranger.Beta1,
                Beta2 = recipe.Beta2 ?? ranger.Beta2,
                Epsilon = recipe.Epsilon ?? ranger.Epsilon,
            }),
            OptimizerKind.Adam => new Adam(parameters, adam with
            {
                Beta1 = recipe.Beta1 ?? adam.Beta1,
                Beta2 = recipe.Beta2 ?? adam.Beta2,
                Epsilon = recipe.Epsilon ?? adam.Epsilon,
            }),
            _ => throw new ArgumentOutOfRangeException(nameof(recipe), recipe.Kind, "Unknown kind of optimiser."),
        };
    }

    /// <inheritdoc/>
    public void Step(IReadOnlyList<Tensor> gradients)
    {
        RequireFit(gradients);
        using IDisposable noGrad = no_grad();
        using IDisposable scope = NewDisposeScope();
        StepCount++;
        Advance(gradients);
    }

    /// <inheritdoc/>
    public void Step()
    {
        using IDisposable scope = NewDisposeScope();
        Step([.. _parameters.Select(entry => entry.Parameter.grad ?? throw new InvalidOperationException($"{entry.Name} has no gradient."))]);
    }

    /// <inheritdoc/>
    public void Restore(IReadOnlyDictionary<string, Tensor> state, long stepCount)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentOutOfRangeException.ThrowIfNegative(stepCount);
        List<string> faults =
        [
            .. _state.Keys.Where(key => !state.ContainsKey(key)).Select(key => $"{key} is missing"),
            .. state.Keys.Where(key => !_state.ContainsKey(key)).Order(StringComparer.Ordinal).Select(key => $"{key} is unknown"),
            .. _state.Where(pair => state.TryGetValue(pair.Key, out Tensor? saved) && !Fits(saved, pair.Value))
                .Select(pair => $"{pair.Key} is {Describe(state[pair.Key])}, wanted {Describe(pair.Value)}"),
        ];
        if (faults.Count > 0) throw new WeightsException($"The saved state does not fit the optimiser: {string.Join("; ", faults)}.");

        using IDisposable noGrad = no_grad();
        foreach ((string name, Tensor tensor) in _state) tensor.copy_(state[name]);
        StepCount = stepCount;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Tensor tensor in _state.Values) tensor.Dispose();
        _state.Clear();
        GC.SuppressFinalize(this);
    }

    /// <summary>Makes one zeroed state tensor a parameter and registers it under <c>kind.name</c>.</summary>
    private protected Tensor[] NewState(string kind)
    {
        using IDisposable noGrad = no_grad();
        Tensor[] tensors = [.. _parameters.Select(entry => zeros_like(entry.Parameter).DetachFromDisposeScope())];
        for (int i = 0; i < tensors.Length; i++) _state.Add($"{kind}.{_parameters[i].Name}", tensors[i]);
        return tensors;
    }

    /// <summary>Applies the update rule; <see cref="StepCount"/> already counts this step, gradients are off and a scope is open.</summary>
    private protected abstract void Advance(IReadOnlyList<Tensor> gradients);

    private void RequireFit(IReadOnlyList<Tensor> gradients)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        if (gradients.Count != _parameters.Length)
            throw new ArgumentException($"{gradients.Count} gradients were given for {_parameters.Length} parameters.", nameof(gradients));
        for (int i = 0; i < _parameters.Length; i++)
        {
            if (!Fits(gradients[i], _parameters[i].Parameter))
                throw new ArgumentException($"The gradient of {_parameters[i].Name} is {Describe(gradients[i])}, wanted {Describe(_parameters[i].Parameter)}.", nameof(gradients));
        }
    }

    private static bool Fits(Tensor tensor, Tensor wanted) => tensor.dtype == wanted.dtype && tensor.shape.AsSpan().SequenceEqual(wanted.shape);

    private static string Describe(Tensor tensor) => $"{tensor.dtype} {Shape.Format(tensor.shape)}";
}
