namespace StyleClip.Reference;

/// <summary>Which table of scales a network's weights follow.</summary>
public enum WeightFamily
{
    StyleGan2,
    Mapper,
    Clip,
    IrSe50,
}
