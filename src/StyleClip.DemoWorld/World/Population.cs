namespace StyleClip.DemoWorld.World;

/// <summary>Independent streams of latents: what one network was trained on, no other stream holds.</summary>
internal enum Population
{
    GeneratorTraining = 1,
    MappingTraining,
    ClipTraining,
    IdentityTraining,
    IdentityStates,
    AttributeTraining,
    HeldOut,
    LatentAverage,
    MapperTraining,
    MapperHeldOut,
}
