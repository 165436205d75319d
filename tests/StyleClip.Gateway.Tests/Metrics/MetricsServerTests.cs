using StyleClip.Contracts.Library;
using StyleClip.Gateway.Metrics;
using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Tests.Metrics;

public sealed class MetricsServerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Pulls_and_requests_are_counted_under_the_names_that_dashboards_use()
    {
        await using MetricsServer metrics = await MetricsServer.Start(port: 0, Ct);
        await using GatewayHost host = await GatewayHost.Start();
        byte[] content = new byte[1234];
        ArtifactRef artifact = await host.Store.Put(content, MediaTypes.Safetensors, Ct);
        HttpClient client = host.Client(ApiRole.Read);
        string address = $"/v1/artifacts/{artifact.Digest}";
        HttpResponseMessage first = await client.GetAsync(address, Ct);
        using var again = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        await client.SendAsync(again, Ct);

        using var scraper = new HttpClient();
        string[] lines = (await scraper.GetStringAsync(metrics.Address, Ct)).Split('\n');
        foreach (string name in new[] { "styleclip_catalogue_pull_total", "styleclip_catalogue_pull_bytes_total", "styleclip_catalogue_not_modified_total" })
            Assert.Contains(lines, line => line.StartsWith(name + "{", StringComparison.Ordinal) && line.Contains("kind=\"artifact\"", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("http_server_request_duration_seconds_count{", StringComparison.Ordinal) && line.Contains("/v1/artifacts/{digest", StringComparison.Ordinal));
    }
}
