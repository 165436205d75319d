namespace StyleClip.TestServers;

/// <summary>Azurite: a real blob service on this machine.</summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The account that every Azurite has.</summary>
    public const string Account = "devstoreaccount1";

    // The key of the emulator's account is the same everywhere and is published with it.
    private const string Key = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private readonly ServerProcess _process;

    private AzuriteServer(ServerProcess process, int port) => (_process, Port) = (process, port);

    /// <summary>Where it listens, on the loopback interface.</summary>
    public int Port { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>How to reach it.</summary>
    public string ConnectionString => ConnectionStringAt(Port);

    /// <summary>How to reach it through a proxy on <paramref name="port"/>.</summary>
    public static string ConnectionStringAt(int port) =>
        $"DefaultEndpointsProtocol=http;AccountName={Account};AccountKey={Key};BlobEndpoint=http://127.0.0.1:{port}/{Account};";

    /// <summary>Starts one on a free port.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <param name="folder">Where it keeps its blobs; in memory where it is null.</param>
    /// <param name="port">The port, where it must be this one.</param>
    public static async Task<AzuriteServer> Start(CancellationToken cancellationToken, string? folder = null, int? port = null)
    {
        string script = TestTools.Script("azurite/dist/src/blob/main.js");
        string[] place = folder is null ? ["--inMemoryPersistence"] : ["--location", folder];
        (ServerProcess process, int chosen) = await ServerProcess.Start(
            "Azurite",
            "successfully listen",
            free =>
            [
                TestTools.Program("node"), script, .. place, "--silent", "--skipApiVersionCheck", "--disableTelemetry",
                "--blobHost", "127.0.0.1", "--blobPort", free.ToString(System.Globalization.CultureInfo.InvariantCulture),
            ],
            cancellationToken,
            port);
        return new AzuriteServer(process, chosen);
    }

    /// <summary>Kills it; what it kept in memory is gone.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
