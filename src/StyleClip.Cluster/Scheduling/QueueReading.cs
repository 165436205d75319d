namespace StyleClip.Cluster.Scheduling;

/// <summary>Waiting jobs of one priority.</summary>
internal readonly record struct QueueReading(int Priority, int Jobs, DateTimeOffset OldestSince);
