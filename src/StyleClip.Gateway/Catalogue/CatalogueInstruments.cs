using System.Diagnostics.Metrics;
using Microsoft.AspNetCore.Http;
using StyleClip.Contracts.Telemetry;

namespace StyleClip.Gateway.Catalogue;

/// <summary>What downstream services pull, by kind: name (what a name stands for), card, artifact.</summary>
internal sealed class CatalogueInstruments : IDisposable
{
    private readonly Meter _meter = new(StyleClipMeter.Name);
    private readonly Counter<long> _pulls, _bytes, _notModified;

    public CatalogueInstruments()
    {
        _pulls = _meter.CreateCounter<long>("styleclip_catalogue_pull", description: "Pulls that were answered with bytes");
        _bytes = _meter.CreateCounter<long>("styleclip_catalogue_pull_bytes", description: "Bytes that were sent for pulls");
        _notModified = _meter.CreateCounter<long>("styleclip_catalogue_not_modified", description: "Pulls of what the client had already");
    }

    public void Pulled(string kind, int status, long bytes)
    {
        var label = new KeyValuePair<string, object?>("kind", kind);
        if (status == StatusCodes.Status304NotModified) _notModified.Add(1, label);
        if (status is not (StatusCodes.Status200OK or StatusCodes.Status206PartialContent)) return;
        _pulls.Add(1, label);
        _bytes.Add(bytes, label);
    }

    public void Dispose() => _meter.Dispose();
}
