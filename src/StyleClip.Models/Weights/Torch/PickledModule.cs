namespace StyleClip.Models.Weights;

/// <summary>
/// A network inside one of NVIDIA's pickles. They carry its class as source text beside its state; the text is ignored and the state is data.
/// </summary>
public sealed class PickledModule
{
    private PickledModule(string className, TorchDict state) => (ClassName, State) = (className, state);

    /// <summary>Name of the class, such as <c>Generator</c>.</summary>
    public string ClassName { get; }

    /// <summary>The object's attributes: settings, and PyTorch's <c>_parameters</c>, <c>_buffers</c> and <c>_modules</c>.</summary>
    public TorchDict State { get; }

    internal static object From(object?[] arguments)
    {
        if (arguments is [TorchDict meta]
            && meta.TryGetValue("type", out object? type) && type is "class"
            && meta.TryGetValue("class_name", out object? name) && name is string className
            && meta.TryGetValue("state", out object? state) && state is TorchDict attributes)
        {
            return new PickledModule(className, attributes);
        }

        throw new InvalidDataException("the file calls torch_utils.persistence._reconstruct_persistent_obj with arguments that do not fit it");
    }
}
