namespace StyleClip.Models.Weights;

/// <summary>The work that a file may ask for, pickles inside pickles included.</summary>
internal sealed class PickleBudget
{
    private const int MaxOperations = 2_000_000;

    private int _operations;

    public void Charge(int operations)
    {
        _operations += operations;
        if (_operations > MaxOperations) throw new InvalidDataException($"the pickle has more than {MaxOperations} operations");
    }
}
