using StyleClip.Training.Latents;
using StyleClip.Training.Strips;
using TorchSharp;
using static TorchSharp.torch;

namespace StyleClip.Training.Mapping;

/// <summary>The faces that every before/after strip of a job shows: the first of the held-out latents.</summary>
internal sealed class FixedFaces(MapperEdit edit, LatentBank bank, int count, int batchSize, Device device)
{
    private readonly int _count = Math.Min(count, bank.ValidationCount);
    private StripRow? _before;

    /// <summary>The strip by the mapper as it is now, PNG.</summary>
    public byte[] Strip()
    {
        _before ??= Render(edit.SynthesizeSource);
        return BeforeAfterStrip.Encode(_before, Render(latents => edit.Synthesize(edit.Apply(latents))));
    }

    private StripRow Render(Func<Tensor, Tensor> synthesize)
    {
        using IDisposable untracked = no_grad();
        using DisposeScope scope = NewDisposeScope();
        List<Tensor> images = [];
        for (int first = 0; first < _count; first += batchSize)
        {
            using DisposeScope inner = NewDisposeScope();
            images.Add(inner.MoveToOuter(synthesize(bank.Validation(first, Math.Min(batchSize, _count - first), device).Latents)));
        }

        return BeforeAfterStrip.Row(cat(images));
    }
}
