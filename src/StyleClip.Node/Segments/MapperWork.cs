using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Models.Packs;
using StyleClip.Training.Gradients;
using StyleClip.Training.Latents;
using StyleClip.Training.Mapping;

namespace StyleClip.Node.Segments;

/// <summary>Trains a mapper: prepares the bank with others, then trains alone or with others, in one epoch after the other.</summary>
internal sealed class MapperWork(SegmentContext context) : ISegmentWork
{
    public async Task<SegmentOutcome> Run(FrozenNetworks networks, SegmentObserver observer)
    {
        var preparation = new BankPreparation(context.Services.Grains, context.Services.Store, context.Device.Thread, context.Device.Kind);
        LatentBank bank = await context.WithStore(() => preparation.Get(context.Request, networks, context.Progress, context.Control.Stop));
        context.Progress.Activity = "starts training";
        MapperTraining? training = null;
        TrainingOutcome outcome;
        try
        {
            byte[]? state = await context.ReadState();
            training = await context.Device.Thread.Invoke(
                () => new MapperTraining(context.Spec, networks, bank, state, context.Labels), context.Control.Stop);
            outcome = await TrainWithOthers(training, observer);
        }
        finally
        {
            await context.Device.Thread.Invoke(() =>
            {
                training?.Dispose();
                bank.Dispose();
                return true;
            });
        }

        try
        {
            return new SegmentOutcome(outcome) { Domain = await DomainCheck.Of(context, outcome, networks) };
        }
        catch (OperationCanceledException) when (!context.Control.Abandon.IsCancellationRequested)
        {
            return new SegmentOutcome(outcome with { End = TrainingEnd.Paused }); // the last checkpoint has all of it
        }
    }

    private async Task<TrainingOutcome> TrainWithOthers(MapperTraining training, SegmentObserver observer)
    {
        await context.Join();
        long epoch = -1;
        while (true)
        {
            (JobView view, CancellationToken ended) = await context.Views.After(epoch, context.Control.Stop);
            epoch = view.Epoch;
            TrainingOutcome outcome = await context.Device.Thread.Invoke(() => TrainInView(training, observer, view, ended));
            if (outcome.End == TrainingEnd.Interrupted) continue;
            // A follower that has come to the end stays until the job lets it go: the leader may yet be lost with its report untold.
            if (outcome.End == TrainingEnd.Paused || view.IndexOf(context.Lease) == 0) return outcome;
        }
    }

    private TrainingOutcome TrainInView(MapperTraining training, SegmentObserver observer, JobView view, CancellationToken ended)
    {
        if (view.Members.Length == 1) return training.Run(new LocalGradientExchange(ended), observer, context.Control.Stop);
        int sizeBytes = training.GradientLength * sizeof(float);
        using var members = new MemberExchange(
            view, view.IndexOf(context.Lease), context.Spec.Recipe.Batch.MicroShards, sizeBytes, context.Services.Link, ended);
        context.Services.Inboxes.Open(context.Lease, members);
        try
        {
            if (members.Enter(training.Step, context.Identity, training.Capture, (member, reason) => Refuse(view.Members[member], reason)) is { } state)
                training.Adopt(state);
            return training.Run(new WideExchange(members), observer, context.Control.Stop);
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            return new TrainingOutcome(TrainingEnd.Interrupted, training.Step, null, null, null, null);
        }
        finally
        {
            context.Services.Inboxes.Close(context.Lease, members);
            NodeInstruments.GradientBytes.Add(members.SentBytes, context.OfNode());
        }
    }

    private async void Refuse(DeviceLease member, string reason) => await context.Tell(
        () => context.Job.ReportFailed(member.Id, FailureKind.Input, $"{member} cannot take part: {reason}.", CancellationToken.None));
}
