namespace StyleClip.Contracts.Sweeps;

/// <summary>Limits on what a sweep may use.</summary>
public sealed record BudgetSpec
{
    /// <summary>Steps per prompt, at least 1; replaces the recipe's number where it is lower, and shortens a cosine schedule with it.</summary>
    public int? Steps { get; init; }

    /// <summary>Devices that the sweep may use at the same time, at least 1; absent: all.</summary>
    public int? Devices { get; init; }

    /// <summary>Sweeps of higher priority get devices first, 0 to 100; among equal ones the sweep that uses the fewest devices does.</summary>
    public int Priority { get; init; }
}
