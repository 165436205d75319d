namespace StyleClip.Reference;

/// <summary>The kind, scale and offset with which a tensor is filled.</summary>
public readonly record struct FillRule(FillKind Kind, double Scale, double Offset)
{
    public static FillRule Keep { get; } = new(FillKind.Keep, 0, 0);

    public static FillRule Linear(double scale, double offset = 0) => new(FillKind.Linear, scale, offset);

    public static FillRule Absolute(double scale, double offset) => new(FillKind.Absolute, scale, offset);

    public static FillRule Constant(double offset) => new(FillKind.Constant, 0, offset);
}
