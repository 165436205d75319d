namespace StyleClip.Models.Weights;

/// <summary>
/// A weight file is damaged, refused or does not fit the network. The message names the file or place, the value found and the rule.
/// </summary>
public sealed class WeightsException : Exception
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">Place, value and rule in one sentence.</param>
    public WeightsException(string message) : base(message)
    {
    }

    /// <summary>Creates the exception with the error that revealed the damage.</summary>
    /// <param name="message">Place, value and rule in one sentence.</param>
    /// <param name="innerException">The underlying error.</param>
    public WeightsException(string message, Exception innerException) : base(message, innerException)
    {
    }

    internal static bool IsDamage(Exception error) => error is InvalidDataException or EndOfStreamException;

    internal static WeightsException Damaged(string path, Exception error) => new($"{path}: {error.Message.TrimEnd('.')}.", error);
}
