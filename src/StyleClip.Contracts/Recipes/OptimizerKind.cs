namespace StyleClip.Contracts.Recipes;

/// <summary>Optimisers of the mapper.</summary>
public enum OptimizerKind
{
    /// <summary>Rectified Adam with look-ahead and gradient centralisation, as the published code trains.</summary>
    Ranger,

    /// <summary>Adam without weight decay.</summary>
    Adam,
}
