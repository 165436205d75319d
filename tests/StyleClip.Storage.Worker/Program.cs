// A process that uses a store, for tests that need a second one or one to kill.
//   count STORE NAME N  adds N to the number in a document, one at a time
//   put DIR             stores artifacts of 8 MiB until it is killed; says each when it is stored
//   claim DIR           claims the store, says so, and waits for the end of its input
using System.Globalization;
using System.Text;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

CancellationToken never = CancellationToken.None;
switch (args[0])
{
    case "count":
        using (IArtifactStore store = ArtifactStores.Open(args[1]))
        {
            for (int done = 0; done < int.Parse(args[3], CultureInfo.InvariantCulture);)
            {
                StoredDocument? seen = await store.ReadDocument(args[2], never);
                int value = seen is null ? 0 : int.Parse(Encoding.ASCII.GetString(seen.Content), CultureInfo.InvariantCulture);
                byte[] next = Encoding.ASCII.GetBytes((value + 1).ToString(CultureInfo.InvariantCulture));
                if (await store.WriteDocument(args[2], next, seen?.ETag, never) is not null) done++;
            }
        }

        return 0;

    case "put":
        using (var store = new DirectoryArtifactStore(args[1]))
        {
            byte[] content = new byte[8 << 20];
            for (int i = 0; ; i++)
            {
                BitConverter.TryWriteBytes(content, i);
                ArtifactRef stored = await store.Put(content, MediaTypes.Binary, never);
                await Console.Out.WriteLineAsync(stored.Digest.ToString());
            }
        }

    case "claim":
        using (StoreLock.Claim(args[1]))
        {
            await Console.Out.WriteLineAsync("claimed");
            await Console.In.ReadToEndAsync(never);
        }

        return 0;

    default:
        await Console.Error.WriteLineAsync($"Unknown command '{args[0]}'.");
        return 2;
}
