using System.Diagnostics;

namespace StyleClip.Training;

/// <summary>For whom and where a job is trained: the labels of its instruments.</summary>
/// <param name="Sweep">Id of the sweep.</param>
/// <param name="Job">Id of the job.</param>
/// <param name="Node">Name of the node.</param>
/// <param name="Device">Name of the device.</param>
public sealed record TrainingLabels(string Sweep = "", string Job = "", string Node = "", string Device = "")
{
    internal TagList ByJob => new([new("sweep", Sweep), new("job", Job)]);

    internal TagList ByDevice(string? key = null, string? value = null)
    {
        TagList tags = new([new("node", Node), new("device", Device)]);
        if (key is not null) tags.Add(key, value);
        return tags;
    }
}
