using StyleClip.Contracts.Jobs;
using static TorchSharp.torch;

namespace StyleClip.Training.Tests.Mapping;

/// <summary>The number of live tensors belongs to the process, so nothing may run beside these.</summary>
[CollectionDefinition(DisableParallelization = true)]
[Collection(typeof(TensorLifetimeTests))]
public sealed class TensorLifetimeTests
{
    // TorchSharp counts a tensor that becomes a parameter twice and its end once.
    private const int MapperParameters = 12;

    [Fact]
    public void A_step_leaves_no_tensor_behind()
    {
        using TrainingWorld world = new();
        JobSpec job = world.Job with { Recipe = world.Job.Recipe with { Steps = 22, Validation = new() { EverySteps = 22 }, CheckpointEverySteps = 22 } };
        Dictionary<int, long> alive = [];
        using RecordingObserver observer = new() { StepDone = step => alive[step] = Alive() };

        world.Train(job, observer);

        Assert.Equal(alive[2], alive[20]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_training_leaves_no_tensor_behind(bool isResumed)
    {
        using TrainingWorld world = new();
        using RecordingObserver observer = new();
        world.Train(world.Job, observer); // fills what the networks keep, such as the matrices of resizes
        byte[]? state = isResumed ? observer.Checkpoints[0].State : null;
        long before = Alive();

        world.Train(world.Job, observer, state);

        Assert.Equal(before + MapperParameters, Alive());
    }

    private static long Alive()
    {
#pragma warning disable RS0030 // What others left to their finalizers must not go away while we count.
        GC.Collect();
#pragma warning restore RS0030
        GC.WaitForPendingFinalizers();
        return Tensor.TotalCount;
    }
}
