using StyleClip.Contracts.Directions;
using StyleClip.Node.Directions;
using StyleClip.Training.Directions;

namespace StyleClip.Cli.Directions;

/// <summary>How far a table is, as this process sees it: what all have finished, and what its own devices are at.</summary>
internal sealed class BuildProgress(DirectionTableSpec spec, IReadOnlyList<DirectionRange> ranges, int devices, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly (int Unit, long Images)?[] _running = new (int, long)?[devices];
    private readonly long _began = time.GetTimestamp();
    private DirectionBuildState? _state;
    private long _measured;

    /// <summary>Ranges that this process has measured.</summary>
    public int Ranges { get; private set; }

    /// <summary>Where one of the devices reports to.</summary>
    public ITableProgress Of(int device) => new DeviceProgress(this, device);

    public void See(DirectionBuildState state)
    {
        lock (_gate) _state = state;
    }

    private void Report(int device, int unit, long images)
    {
        lock (_gate) _running[device] = (unit, images);
    }

    private void End(int device, bool isDone)
    {
        lock (_gate)
        {
            if (isDone && _running[device] is { Unit: > 0 } done)
            {
                Ranges++;
                _measured += done.Images;
            }

            _running[device] = null;
        }
    }

    public BuildView View()
    {
        lock (_gate)
        {
            bool[] isDone = [.. ranges.Select((_, i) => _state?.Ranges[i].Artifact is not null)];
            long finished = ranges.Zip(isDone, (range, done) => done ? 2L * spec.Images * range.Count : 0).Sum();
            var atWork = _running.OfType<(int Unit, long Images)>().Where(running => running.Unit > 0 && !isDone[running.Unit - 1]).ToArray();
            long inWork = atWork.Sum(running => running.Images);
            return new BuildView
            {
                HasStatistics = _state?.Statistics.Artifact is not null,
                Samples = _running.OfType<(int Unit, long Images)>().Where(running => running.Unit == 0).Sum(running => running.Images),
                SamplesTotal = spec.Samples,
                Ranges = isDone.Count(done => done),
                RangesTotal = ranges.Count,
                Claimed = _state?.Ranges.Count(range => range.Holder is not null) ?? 0,
                Images = finished + inWork,
                ImagesTotal = ranges.Sum(range => 2L * spec.Images * range.Count),
                ImagesPerSecond = (_measured + inWork) / Math.Max(1e-3, time.GetElapsedTime(_began).TotalSeconds),
            };
        }
    }

    private sealed class DeviceProgress(BuildProgress whole, int device) : ITableProgress
    {
        public void See(DirectionBuildState state) => whole.See(state);

        public void Report(int unit, long images) => whole.Report(device, unit, images);

        public void End(bool isDone) => whole.End(device, isDone);
    }
}
