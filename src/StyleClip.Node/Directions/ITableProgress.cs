using StyleClip.Contracts.Directions;

namespace StyleClip.Node.Directions;

/// <summary>Hears what a device does for a direction table; on whatever thread.</summary>
public interface ITableProgress
{
    /// <summary>How far the table is, whoever measured it.</summary>
    void See(DirectionBuildState state);

    /// <summary>The device is at a unit.</summary>
    /// <param name="unit">Number of the unit: see <see cref="Storage.Directions.DirectionBoard"/>.</param>
    /// <param name="images">Samples or images of it that are done.</param>
    void Report(int unit, long images);

    /// <summary>The device has ended its unit.</summary>
    /// <param name="isDone">Whether the unit's numbers are in the store.</param>
    void End(bool isDone);
}
