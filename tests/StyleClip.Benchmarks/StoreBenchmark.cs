using System.Diagnostics;
using System.Globalization;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.TestServers;

namespace StyleClip.Benchmarks;

/// <summary>What artifacts and documents cost in a folder and in a blob service on this machine.</summary>
internal static class StoreBenchmark
{
    private const int DocumentBytes = 2_000;

    /// <summary>A demo mapper with its optimiser, and the gradient of a mapper of the paper's size: what checkpoints and mappers weigh.</summary>
    private static readonly int[] ArtifactBytes = [3_000_000, 12_600_000];

    public static async Task<int> Run(int artifacts, int documents, CancellationToken cancellationToken)
    {
        await Console.Out.WriteLineAsync("store      what                     p50 ms   p95 ms");
        string folder = Directory.CreateTempSubdirectory("styleclip-store-").FullName;
        try
        {
            using var directory = new DirectoryArtifactStore(folder);
            await Measure("directory", directory, artifacts, documents, cancellationToken);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        await using AzuriteServer azurite = await AzuriteServer.Start(cancellationToken);
        using var blobs = AzureBlobArtifactStore.FromConnectionString(azurite.ConnectionString, "benchmark");
        await Measure("Azurite", blobs, artifacts, documents, cancellationToken);
        return 0;
    }

    private static async Task Measure(string name, IArtifactStore store, int artifacts, int documents, CancellationToken cancellationToken)
    {
        var random = new Random(1);
        foreach (int size in ArtifactBytes)
        {
            string what = string.Create(CultureInfo.InvariantCulture, $"{size / 1e6:0.0} MB");
            byte[] content = new byte[size];
            var stored = new List<ArtifactRef>();
            await Time(name, $"put {what}", artifacts, async () =>
            {
                random.NextBytes(content.AsSpan(0, 1000)); // another artifact each time
                stored.Add(await store.Put(content, MediaTypes.Binary, cancellationToken));
            });
            await Time(name, $"put {what} again", artifacts, () => store.Put(content, MediaTypes.Binary, cancellationToken));
            int next = 0;
            await Time(name, $"read {what}, verified", artifacts, () => store.Read(stored[next++ % stored.Count], cancellationToken));
        }

        byte[] document = new byte[DocumentBytes];
        string? eTag = null;
        await Time(name, "document, swap", documents, async () => eTag = await store.WriteDocument("benchmark/d", document, eTag, cancellationToken));
        await Time(name, "document, lost swap", documents, async () =>
        {
            if (await store.WriteDocument("benchmark/d", document, null, cancellationToken) is not null) throw new InvalidOperationException("It was not lost.");
        });
        await Time(name, "document, read", documents, () => store.ReadDocument("benchmark/d", cancellationToken));
    }

    // One more than is counted: the first makes folders, connections and code.
    private static async Task Time(string store, string what, int times, Func<Task> action)
    {
        await action();
        double[] milliseconds = new double[times];
        for (int i = 0; i < times; i++)
        {
            long start = Stopwatch.GetTimestamp();
            await action();
            milliseconds[i] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(milliseconds);
        await Console.Out.WriteLineAsync(string.Create(
            CultureInfo.InvariantCulture, $"{store,-10} {what,-22} {milliseconds[times / 2],8:0.00} {milliseconds[times * 95 / 100],8:0.00}"));
    }
}
