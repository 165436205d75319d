namespace StyleClip.Contracts.Recipes;

/// <summary>Learning-rate schedules.</summary>
public enum ScheduleKind
{
    /// <summary>The same at every step.</summary>
    Constant,

    /// <summary>Half a cosine from the full rate to 0 over the recipe's steps.</summary>
    Cosine,
}
