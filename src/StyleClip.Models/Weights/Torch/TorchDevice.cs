namespace StyleClip.Models.Weights;

/// <summary>A torch.device that a file mentions, such as <c>cuda:0</c>. Text only: tensors always arrive on the CPU.</summary>
/// <param name="Name">PyTorch's spelling.</param>
public sealed record TorchDevice(string Name);
