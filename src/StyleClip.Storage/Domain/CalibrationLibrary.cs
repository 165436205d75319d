using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Json;
using StyleClip.Contracts.Library;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Storage.Domain;

/// <summary>
/// Calibrations of packs in a store: each an immutable artifact, and one document <c>calibrations/PACK</c> that names the pack's present one.
/// </summary>
public sealed class CalibrationLibrary(IArtifactStore store)
{
    private const string Prefix = "calibrations/";
    private const long MostBytes = 4 << 20;

    /// <summary>The pack's calibration; null where it has none.</summary>
    /// <exception cref="InvalidDataException">What the store holds is no calibration of the pack.</exception>
    public async Task<(PackCalibration Content, Digest Digest)?> Find(Digest pack, CancellationToken cancellationToken)
    {
        if (await store.ReadDocument<CalibrationPointer>(NameOf(pack), cancellationToken).ConfigureAwait(false) is not { } pointer) return null;
        PackCalibration content = ContractJson.FromBytes<PackCalibration>(
            await store.Read(pointer.Calibration, cancellationToken).ConfigureAwait(false), $"Calibration {pointer.Calibration.Digest}");
        return (Valid(content, pack, $"Calibration {pointer.Calibration.Digest}"), pointer.Calibration.Digest);
    }

    /// <summary>Stores a calibration. The pack's present one gives way to it.</summary>
    /// <returns>Its digest.</returns>
    /// <exception cref="InvalidDataException">It breaks a rule.</exception>
    public Task<Digest> Publish(PackCalibration calibration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(calibration);
        return Publish(Valid(calibration, calibration.Pack, "The calibration"), replace: true, cancellationToken);
    }

    /// <summary>
    /// Stores the calibration that lies in a pack's folder, unless the store has one of the pack already. One of other weights says nothing of
    /// this pack and is left alone.
    /// </summary>
    /// <exception cref="InvalidDataException">The file is no calibration.</exception>
    public async Task PublishBeside(string packFolder, Digest pack, CancellationToken cancellationToken)
    {
        string path = Path.Combine(packFolder, PackCalibration.FileName);
        if (!File.Exists(path)) return;
        long size = new FileInfo(path).Length;
        if (size > MostBytes) throw new InvalidDataException($"{path} has {size} bytes; a calibration has at most {MostBytes}.");
        var calibration = ContractJson.FromBytes<PackCalibration>(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false), path);
        if (calibration.Pack == pack) await Publish(Valid(calibration, pack, path), replace: false, cancellationToken).ConfigureAwait(false);
    }

    private static string NameOf(Digest pack) => Prefix + pack.Hex;

    private static PackCalibration Valid(PackCalibration calibration, Digest pack, string place)
    {
        if (calibration.Pack != pack) throw new InvalidDataException($"{place} is of pack {calibration.Pack}, not of {pack}.");
        if (calibration.Prompts.Count < PackCalibration.LeastPrompts)
            throw new InvalidDataException($"{place} has {calibration.Prompts.Count} prompts; it must have at least {PackCalibration.LeastPrompts}.");
        return calibration;
    }

    private async Task<Digest> Publish(PackCalibration calibration, bool replace, CancellationToken cancellationToken)
    {
        var pointer = new CalibrationPointer(await store.PutJson(calibration, cancellationToken).ConfigureAwait(false));
        CalibrationPointer now = await store.UpdateDocument<CalibrationPointer>(
            NameOf(calibration.Pack), seen => seen is null || (replace && seen != pointer) ? pointer : seen, cancellationToken).ConfigureAwait(false);
        return now.Calibration.Digest;
    }
}
