using StyleClip.Cli.Packs;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;
using StyleClip.Storage.Domain;

namespace StyleClip.Cli.Domain;

/// <summary>Finds a pack's calibration: the store's, or the one that lies in the pack's folder.</summary>
internal static class CalibrationSource
{
    /// <exception cref="InvalidDataException">What was found is no calibration.</exception>
    public static async Task<(PackCalibration Content, Digest Digest)?> Find(PackPlace pack, string storeLocation, CancellationToken cancellationToken)
    {
        if (!ArtifactStores.IsFolder(storeLocation) || Directory.Exists(storeLocation)) // looking for something makes no store
        {
            using IArtifactStore store = ArtifactStores.Open(storeLocation);
            if (await new CalibrationLibrary(store).Find(pack.Digest, cancellationToken) is { } stored) return stored;
        }

        string beside = Path.Combine(pack.Folder, PackCalibration.FileName);
        if (!File.Exists(beside)) return null;
        byte[] bytes = await File.ReadAllBytesAsync(beside, cancellationToken);
        var calibration = ContractJson.FromBytes<PackCalibration>(bytes, beside);
        return calibration.Pack == pack.Digest ? (calibration, Digest.Of(bytes)) : null;
    }
}
