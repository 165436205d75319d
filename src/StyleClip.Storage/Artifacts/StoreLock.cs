using System.Globalization;
using StyleClip.Contracts.Json;

namespace StyleClip.Storage.Artifacts;

/// <summary>
/// The exclusive claim of one embedded cluster on a directory store. It ends with its process, also when that is killed. The store itself
/// may be shared; two clusters over one store that do not know of each other may not.
/// </summary>
public sealed class StoreLock : IDisposable
{
    private readonly FileLock _lock;
    private readonly string _ownerFile;

    private StoreLock(FileLock taken, string ownerFile)
    {
        _lock = taken;
        _ownerFile = ownerFile;
    }

    /// <summary>Claims the store at <paramref name="root"/>.</summary>
    /// <exception cref="StoreInUseException">A living process has claimed it; the message names it.</exception>
    public static StoreLock Claim(string root, TimeProvider? time = null)
    {
        string folder = Path.Combine(Path.GetFullPath(root), "locks");
        string ownerFile = Path.Combine(folder, "cluster.json");
        FileLock taken = FileLock.TryTake(Path.Combine(folder, "cluster"))
            ?? throw new StoreInUseException(Path.GetFullPath(root), ReadOwner(ownerFile));
        File.WriteAllBytes(ownerFile, ContractJson.ToBytes(Owner.Myself(time ?? TimeProvider.System)));
        return new StoreLock(taken, ownerFile);
    }

    /// <summary>Gives the store free.</summary>
    public void Dispose()
    {
        File.Delete(_ownerFile);
        _lock.Dispose();
    }

    // The lock says that somebody is there; this file only helps to find out who. It may be missing for a moment.
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

    private sealed record Owner(int ProcessId, string Machine, DateTimeOffset Since)
    {
        public static Owner Myself(TimeProvider time) => new(Environment.ProcessId, Environment.MachineName, time.GetUtcNow());

        public override string ToString() => string.Create(
            CultureInfo.InvariantCulture, $"process {ProcessId} on {Machine} (since {Since:yyyy-MM-dd HH:mm:ss} UTC)");
    }
}
