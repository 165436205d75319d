using StyleClip.Models.StyleGan2;
using TorchSharp;
using static TorchSharp.torch;
using Generator = StyleClip.Models.StyleGan2.Generator;
using RandomGenerator = TorchSharp.torch.Generator;

namespace StyleClip.Models.Tests.StyleGan2;

/// <summary>The number of live tensors belongs to the process, so nothing may run beside these.</summary>
[CollectionDefinition(DisableParallelization = true)]
[Collection(typeof(GeneratorLifetimeTests))]
public sealed class GeneratorLifetimeTests
{
    [Theory]
    [MemberData(nameof(GeneratorTests.Shapes), MemberType = typeof(GeneratorTests))]
    public void Twenty_steps_leave_no_tensor_behind(GeneratorSpec spec)
    {
        using DisposeScope all = NewDisposeScope();
        using Generator generator = new(spec);
        using RandomGenerator random = new(5, CPU);
        generator.Initialize(random);
        generator.Freeze();
        Tensor wPlus = randn([2, spec.StyleLayers, spec.StyleDim], generator: random).requires_grad_();
        Step();
        (long InScopes, long Known) before = Alive();
        for (int i = 0; i < 20; i++) Step();
        Assert.Equal(before, Alive());

        void Step()
        {
            using DisposeScope scope = NewDisposeScope();
            using Tensor image = generator.Synthesize(wPlus);
            using Tensor sum = image.sum();
            sum.backward();
        }
    }

    private static (long InScopes, long Known) Alive()
    {
#pragma warning disable RS0030 // What others left to their finalizers must not go away while we count.
        GC.Collect();
#pragma warning restore RS0030
        GC.WaitForPendingFinalizers();
        return (DisposeScopeManager.Statistics.ThreadTotalLiveCount, Tensor.TotalCount);
    }
}
