using System.Globalization;
using StyleClip.Contracts.Json;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// A cluster's claim on a directory store: an embedded cluster claims it alone, the nodes of one that finds itself over the store share it.
/// Two clusters over one store that do not know of each other would train everything twice. A claim ends with its process, also when that
/// is killed; tools that only read and publish need none.
/// </summary>
public sealed class StoreLock : IDisposable
{
    private readonly FileLock _lock;

    private StoreLock(FileLock taken) => _lock = taken;

    /// <summary>Claims the store at <paramref name="root"/> for one process alone.</summary>
    /// <exception cref="StoreInUseException">A living process has claimed or joined it; the message names it.</exception>
    public static StoreLock Claim(string root, TimeProvider? time = null) => Take(root, isShared: false, time);

    /// <summary>Joins the processes that share the store at <paramref name="root"/>.</summary>
    /// <exception cref="StoreInUseException">A living process has claimed it alone; the message names it.</exception>
    public static StoreLock Join(string root, TimeProvider? time = null) => Take(root, isShared: true, time);

    /// <summary>Gives the store free.</summary>
    public void Dispose() => _lock.Dispose();

    private static StoreLock Take(string root, bool isShared, TimeProvider? time)
    {
        string folder = Path.Combine(Path.GetFullPath(root), "locks"), path = Path.Combine(folder, "cluster");
        string ownerFile = Path.Combine(folder, "cluster.json");
        FileLock taken = (isShared ? FileLock.TryShare(path) : FileLock.TryTake(path))
            ?? throw new StoreInUseException(Path.GetFullPath(root), ReadOwner(ownerFile));
        WriteOwner(ownerFile, Owner.Myself(isShared, time ?? TimeProvider.System));
        return new StoreLock(taken);
    }

    // The lock says that somebody is there; this file only helps to find out who. It names the last who came, and may be missing.
    private static void WriteOwner(string ownerFile, Owner owner)
    {
        string mine = $"{ownerFile}.{Guid.NewGuid():n}";
        File.WriteAllBytes(mine, ContractJson.ToBytes(owner));
        File.Move(mine, ownerFile, overwrite: true);
    }

    private static string ReadOwner(string ownerFile)
    {
        try
        {
            return ContractJson.FromBytes<Owner>(File.ReadAllBytes(ownerFile), ownerFile).ToString();
        }
        catch (Exception exception) when (exception is IOException or InvalidDataException)
        {
            return "another process";
        }
    }

    private sealed record Owner(int ProcessId, string Machine, DateTimeOffset Since, bool IsShared = false)
    {
        public static Owner Myself(bool isShared, TimeProvider time) =>
            new(Environment.ProcessId, Environment.MachineName, time.GetUtcNow(), isShared);

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture,
            $"{(IsShared ? "the nodes of a cluster, the last of which is " : "")}process {ProcessId} on {Machine} (since {Since:yyyy-MM-dd HH:mm:ss} UTC)");
    }
}
