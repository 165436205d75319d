namespace StyleClip.Cluster.Scheduling;

/// <summary>Devices of one class compute the same bytes: only they may work for one job together.</summary>
internal readonly record struct DeviceClass(string Kind, string Build);
