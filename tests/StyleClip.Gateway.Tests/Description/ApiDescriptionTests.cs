using StyleClip.Gateway.Security;

namespace StyleClip.Gateway.Tests.Description;

public sealed class ApiDescriptionTests
{
    /// <summary>A change of the API shows in review as a change of this file. STYLECLIP_WRITE_OPENAPI=1 writes it anew.</summary>
    [Fact]
    public async Task The_description_that_is_checked_in_is_the_one_that_is_served()
    {
        await using GatewayHost host = await GatewayHost.Start();
        string served = (await host.Client(ApiRole.Read).GetStringAsync("/openapi/v1.json", TestContext.Current.CancellationToken)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        string path = Path.Combine(RepositoryRoot(), "docs", "openapi.v1.json");
        if (Environment.GetEnvironmentVariable("STYLECLIP_WRITE_OPENAPI") == "1") await File.WriteAllTextAsync(path, served, TestContext.Current.CancellationToken);
        Assert.Equal(await File.ReadAllTextAsync(path, TestContext.Current.CancellationToken), served);
    }

    private static string RepositoryRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder!, "StyleClip.Training.sln"))) folder = Path.GetDirectoryName(folder);
        return folder!;
    }
}
