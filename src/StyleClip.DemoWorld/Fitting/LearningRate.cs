namespace StyleClip.DemoWorld.Fitting;

/// <summary>Warm-up, plateau, cosine to zero.</summary>
internal sealed record LearningRate(double Peak, int Steps, int WarmUpSteps = 50, double PlateauShare = 0)
{
    public double At(int step)
    {
        if (step < WarmUpSteps) return Peak * (step + 1) / WarmUpSteps;
        double progress = (double)step / Steps;
        return progress < PlateauShare ? Peak : Peak * 0.5 * (1 + Math.Cos(Math.PI * Math.Min(1, (progress - PlateauShare) / (1 - PlateauShare))));
    }
}
