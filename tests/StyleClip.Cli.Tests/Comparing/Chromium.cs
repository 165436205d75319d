using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CliWrap;

namespace StyleClip.Cli.Tests.Comparing;

/// <summary>A real browser without a window. All that it would fetch over a network goes to a port here, which writes it down and hangs up.</summary>
internal sealed class Chromium : IDisposable
{
    // What the browser asks for itself, whatever page it shows.
    private static readonly string[] OwnHosts = ["clients2.google.com", "update.googleapis.com", "accounts.google.com"];

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly string _profile = Directory.CreateTempSubdirectory("styleclip-chromium-").FullName;
    private readonly TcpListener _proxy = new(IPAddress.Loopback, 0);
    private readonly Task _listening;
    private readonly StringBuilder _log = new();
    private readonly ConcurrentQueue<string> _requests = [];

    public Chromium()
    {
        _proxy.Start();
        _listening = Listen();
    }

    /// <summary>First lines of the requests that pages made.</summary>
    public IEnumerable<string> Requests => _requests.Where(request => !OwnHosts.Any(host => request.Contains($" {host}:", StringComparison.Ordinal) || request.Contains($"//{host}/", StringComparison.Ordinal)));

    /// <summary>What pages wrote to the console, errors and breaches of a page's policy among it.</summary>
    public string Console => string.Join('\n', _log.ToString().Split('\n').Where(line => line.Contains("CONSOLE", StringComparison.Ordinal)));

    /// <summary>The page's markup once it is loaded.</summary>
    public async Task<string> Dom(string path) => await Run("--dump-dom", new Uri(path).AbsoluteUri);

    /// <summary>The page as it is printed.</summary>
    public async Task Print(string path, string pdf) => await Run($"--print-to-pdf={pdf}", "--no-pdf-header-footer", new Uri(path).AbsoluteUri);

    public void Dispose()
    {
        _proxy.Stop();
        _listening.GetAwaiter().GetResult();
        Directory.Delete(_profile, recursive: true);
    }

    private async Task<string> Run(params string[] arguments)
    {
        var output = new StringBuilder();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        string[] all =
        [
            "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--disable-default-apps",
            "--enable-logging=stderr", "--allow-file-access-from-files", $"--user-data-dir={_profile}",
            $"--proxy-server=127.0.0.1:{((IPEndPoint)_proxy.LocalEndpoint).Port}", "--proxy-bypass-list=<-loopback>",
            .. arguments,
        ];
        await CliWrap.Cli.Wrap("chromium").WithArguments(all)
            .WithStandardOutputPipe(PipeTarget.ToStringBuilder(output))
            .WithStandardErrorPipe(PipeTarget.ToStringBuilder(_log))
            .ExecuteAsync(limit.Token);
        return output.ToString();
    }

    private async Task Listen()
    {
        while (true)
        {
            try
            {
                using TcpClient client = await _proxy.AcceptTcpClientAsync();
                using var reader = new StreamReader(client.GetStream());
                if (await reader.ReadLineAsync() is { } request) _requests.Enqueue(request);
            }
            catch (IOException)
            {
                // this connection broke; the next may not
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // stopped
            }
        }
    }
}
