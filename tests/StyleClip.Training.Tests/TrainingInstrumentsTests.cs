using System.Diagnostics.Metrics;
using StyleClip.Contracts.Telemetry;
using StyleClip.Training.Gradients;
using StyleClip.Training.Mapping;

namespace StyleClip.Training.Tests;

public sealed class TrainingInstrumentsTests(TrainingWorld world) : IClassFixture<TrainingWorld>
{
    [Fact]
    public void A_training_counts_its_steps_and_samples_and_tells_where_the_time_goes()
    {
        using MeterListener listener = new();
        Dictionary<string, double> sums = [];
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == StyleClipMeter.Name) self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, 1, tags));
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
        using RecordingObserver observer = new();

        using (MapperTraining training = new(world.Job, world.Networks, world.Bank, labels: new("s", "only this job", "n", "only this device")))
            training.Run(LocalGradientExchange.Instance, observer, CancellationToken.None);

        Assert.Equal(12, sums["styleclip_steps"]);
        Assert.Equal(48, sums["styleclip_samples"]);
        Assert.Equal(3, sums["styleclip_checkpoint_duration stage=state"]);
        foreach (string phase in new[] { "mapper", "synthesis", "clip", "identity", "backward", "reduce", "optimizer" })
            Assert.Equal(12, sums[$"styleclip_step_duration phase={phase}"]);

        // Other tests train at the same time: only what carries this one's labels counts.
        void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            bool isOurs = false;
            string name = instrument.Name;
            foreach ((string key, object? label) in tags)
            {
                isOurs |= label is "only this job" or "only this device";
                if (key is "phase" or "stage") name += $" {key}={label}";
            }

            if (isOurs) sums[name] = sums.GetValueOrDefault(name) + value;
        }
    }
}
