namespace StyleClip.Models.Weights;

/// <summary>Refuses object graphs that would hang or overflow whoever walks them: cycles and deep nesting.</summary>
internal static class GraphCheck
{
    private const int MaxDepth = 100;
    private const int InProgress = -1;

    public static void Require(object? root) => Height(root, 0, new Dictionary<object, int>(ReferenceEqualityComparer.Instance));

    private static int Height(object? value, int depth, Dictionary<object, int> heights)
    {
        IEnumerable<object?>? children = value switch
        {
            TorchDict dict => dict.Select(pair => pair.Value),
            PickledModule module => [module.State],
            TorchModule module => module.Attributes.Select(pair => pair.Value),
            List<object?> list => list,
            object?[] tuple => tuple,
            _ => null,
        };
        if (children is null) return 0;
        if (heights.TryGetValue(value!, out int known))
        {
            if (known == InProgress) throw new InvalidDataException("an object of the file contains itself");
        }
        else
        {
            if (depth >= MaxDepth) throw new InvalidDataException($"the file nests objects more than {MaxDepth} deep");
            heights[value!] = InProgress;
            known = 1;
            foreach (object? child in children) known = Math.Max(known, 1 + Height(child, depth + 1, heights));
            heights[value!] = known;
        }

        return depth + known <= MaxDepth ? known : throw new InvalidDataException($"the file nests objects more than {MaxDepth} deep");
    }
}
