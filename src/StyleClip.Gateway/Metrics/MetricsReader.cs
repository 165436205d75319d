using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace StyleClip.Gateway.Metrics;

/// <summary>
/// Collects what the process's instruments measure and writes it in Prometheus's text format, version 0.0.4. A series of an observable
/// instrument exists for as long as its instrument reports it; a counter of a sweep or a job until it has been still for the retention.
/// There is no limit to the number of series, and one that has ended leaves nothing behind: sweeps come and go for as long as a node lives.
/// </summary>
internal sealed class MetricsReader : IDisposable
{
    private readonly ConcurrentDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();
    private readonly MemoryStream _page = new();
    private readonly SemaphoreSlim _answering = new(1);
    private readonly TimeSpan _retention;
    private readonly TimeProvider _time;

    /// <summary>Begins to collect.</summary>
    public MetricsReader(Predicate<Instrument> isExported, TimeSpan retention, TimeProvider time)
    {
        (_retention, _time) = (retention, time);
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (isExported(instrument) && MetricName.Of(instrument) is { } name)
                listener.EnableMeasurementEvents(instrument, _families.GetOrAdd(name.Name, _ => MetricFamily.Of(instrument, name, time)));
        };
        Listen<double>(value => value);
        Listen<byte>(value => value);
        Listen<short>(value => value);
        Listen<int>(value => value);
        Listen<long>(value => value);
        Listen<float>(value => value);
        Listen<decimal>(value => (double)value);
        _listener.Start();
    }

    public async Task Answer(HttpContext http)
    {
        await _answering.WaitAsync(http.RequestAborted).ConfigureAwait(false);
        try
        {
            _page.SetLength(0);
            using (var text = new StreamWriter(_page, new UTF8Encoding(false), leaveOpen: true)) Write(text);
            http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
            http.Response.ContentLength = _page.Length;
            await http.Response.Body.WriteAsync(_page.GetBuffer().AsMemory(0, (int)_page.Length), http.RequestAborted).ConfigureAwait(false);
        }
        finally
        {
            _answering.Release();
        }
    }

    /// <summary>Writes everything as it is now. Not for two threads at once.</summary>
    public void Write(TextWriter text)
    {
        foreach (MetricFamily family in _families.Values) family.Begin();
        int unreadable = 0;
        try
        {
            _listener.RecordObservableInstruments();
        }
        catch (AggregateException exception)
        {
            unreadable = exception.InnerExceptions.Count; // the others have been read; some of the runtime's and Orleans's end before the process does
        }

        foreach (MetricFamily family in _families.Values.OrderBy(family => family.Name, StringComparer.Ordinal)) family.Write(text, _time.GetUtcNow() - _retention);
        text.Write($"# HELP styleclip_unreadable_instruments Instruments that failed when they were read for this page\n# TYPE styleclip_unreadable_instruments gauge\nstyleclip_unreadable_instruments {unreadable}\n");
    }

    public void Dispose()
    {
        _listener.Dispose();
        _answering.Dispose();
        _page.Dispose();
    }

    private void Listen<T>(Func<T, double> convert)
        where T : struct => _listener.SetMeasurementEventCallback<T>((_, value, tags, family) => ((MetricFamily)family!).Record(convert(value), tags));
}
