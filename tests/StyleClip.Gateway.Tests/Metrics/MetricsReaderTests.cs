using System.Diagnostics.Metrics;
using Microsoft.Extensions.Time.Testing;
using StyleClip.Gateway.Metrics;

namespace StyleClip.Gateway.Tests.Metrics;

public sealed class MetricsReaderTests : IDisposable
{
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(10);

    private readonly FakeTimeProvider _time = new();
    private readonly Meter _meter = new($"test {Guid.NewGuid()}");
    private readonly MetricsReader _reader;

    public MetricsReaderTests() => _reader = new MetricsReader(instrument => instrument.Meter.Name == _meter.Name, Retention, _time);

    [Fact]
    public void A_counter_gets_its_unit_and_total_and_adds_up()
    {
        Counter<long> sent = _meter.CreateCounter<long>("styleclip_gradient_sent", "By", "Bytes that were sent");
        sent.Add(3, new KeyValuePair<string, object?>("node", "n1"));
        sent.Add(4, new KeyValuePair<string, object?>("node", "n1"));

        Assert.StartsWith(
            """
            # HELP styleclip_gradient_sent_bytes_total Bytes that were sent
            # TYPE styleclip_gradient_sent_bytes_total counter
            styleclip_gradient_sent_bytes_total{node="n1"} 7

            """,
            Page(),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http.server.request.duration", "s", "http_server_request_duration_seconds")]
    [InlineData("orleans-catalog-activations", null, "orleans_catalog_activations")]
    [InlineData("styleclip_job_step", "{step}", "styleclip_job_step")]
    [InlineData("styleclip_queue_oldest_seconds", "s", "styleclip_queue_oldest_seconds")]
    public void Names_become_those_of_Prometheus(string name, string? unit, string expected)
    {
        _meter.CreateObservableGauge(name, () => 1, unit);

        Assert.Contains($"\n{expected} 1\n", "\n" + Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_histogram_has_cumulative_buckets_at_the_advised_bounds()
    {
        Histogram<double> took = _meter.CreateHistogram("took", "s", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.5, 1] });
        foreach (double value in new[] { 0.5, 0.75, 3 }) took.Record(value);

        Assert.StartsWith(
            """
            # TYPE took_seconds histogram
            took_seconds_bucket{le="0.5"} 1
            took_seconds_bucket{le="1"} 2
            took_seconds_bucket{le="+Inf"} 3
            took_seconds_sum 4.25
            took_seconds_count 3

            """,
            Page(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Label_values_are_escaped_and_empty_ones_left_out()
    {
        _meter.CreateObservableGauge("probe", () => new Measurement<int>(1, new("a.b", "say \"hi\"\\\n"), new("none", "")));

        Assert.Contains("""probe{a_b="say \"hi\"\\\n"} 1""", Page(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "+Inf")]
    [InlineData(double.NegativeInfinity, "-Inf")]
    [InlineData(1e-9, "1E-09")]
    public void Numbers_are_written_as_Prometheus_reads_them(double value, string expected)
    {
        _meter.CreateObservableGauge("probe", () => value);

        Assert.Contains($"probe {expected}\n", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_series_that_is_no_longer_observed_is_gone_from_the_next_page()
    {
        string[] jobs = ["a", "b"];
        _meter.CreateObservableGauge("probe", () => jobs.Select(job => new Measurement<int>(1, new KeyValuePair<string, object?>("job", job))));
        Page();

        jobs = ["b"];

        string page = Page();
        Assert.DoesNotContain("job=\"a\"", page, StringComparison.Ordinal);
        Assert.Contains("job=\"b\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Ten_thousand_jobs_that_come_and_go_are_all_shown_in_their_time()
    {
        string job = "";
        _meter.CreateObservableGauge("probe", () => new Measurement<int>(1, new KeyValuePair<string, object?>("job", job)));

        for (int i = 0; i < 10_000; i++)
        {
            job = $"j{i}";
            Assert.StartsWith($"# TYPE probe gauge\nprobe{{job=\"{job}\"}} 1\n#", Page(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_job_s_counter_ends_when_it_has_been_still_for_the_retention_and_may_begin_again()
    {
        Counter<long> steps = _meter.CreateCounter<long>("steps"), requests = _meter.CreateCounter<long>("requests");
        steps.Add(5, new KeyValuePair<string, object?>("job", "a"));
        requests.Add(5);
        _time.Advance(Retention);
        Assert.Contains("steps_total{job=\"a\"} 5", Page(), StringComparison.Ordinal);

        _time.Advance(TimeSpan.FromSeconds(1));

        string page = Page();
        Assert.DoesNotContain("steps_total", page, StringComparison.Ordinal);
        Assert.Contains("requests_total 5", page, StringComparison.Ordinal);
        steps.Add(1, new KeyValuePair<string, object?>("job", "a"));
        Assert.Contains("steps_total{job=\"a\"} 1", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void Instruments_of_one_name_share_a_family()
    {
        using var other = new Meter(_meter.Name);
        _meter.CreateObservableGauge("probe", () => new Measurement<int>(1, new KeyValuePair<string, object?>("job", "a")));
        other.CreateObservableGauge("probe", () => new Measurement<int>(2, new KeyValuePair<string, object?>("job", "b")));

        Assert.StartsWith("# TYPE probe gauge\nprobe{job=\"a\"} 1\nprobe{job=\"b\"} 2\n", Page(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_instrument_that_fails_does_not_hide_the_others()
    {
        _meter.CreateObservableGauge("bad", int () => throw new InvalidOperationException("It has ended."));
        _meter.CreateObservableGauge("good", () => 1);

        string page = Page();
        Assert.Contains("good 1\n", page, StringComparison.Ordinal);
        Assert.Contains("styleclip_unreadable_instruments 1\n", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Counting_while_pages_are_written_loses_nothing()
    {
        Counter<long> counter = _meter.CreateCounter<long>("hits");
        Task[] counting = [.. Enumerable.Range(0, 2).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 20_000; i++) counter.Add(1, new KeyValuePair<string, object?>("job", "a"));
        }))];
        while (counting.Any(task => !task.IsCompleted)) Page();

        Assert.All(counting, task => Assert.True(task.IsCompletedSuccessfully));
        Assert.Contains("hits_total{job=\"a\"} 40000", Page(), StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _meter.Dispose();
    }

    private string Page()
    {
        using var text = new StringWriter();
        _reader.Write(text);
        return text.ToString();
    }
}
