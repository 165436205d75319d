using StyleClip.Contracts.Comparisons;

namespace StyleClip.Cli.Comparing.Reports;

/// <summary>Methods as people call them.</summary>
internal static class MethodTitle
{
    public static string Of(ComparisonMethod method) => method switch
    {
        ComparisonMethod.Mapper => "mapper",
        ComparisonMethod.Direction => "global direction",
        ComparisonMethod.Optimization => "optimisation",
        ComparisonMethod.OptimizationInStyleSpace => "optimisation in S",
        ComparisonMethod.TediGan => "TediGAN",
        _ => method.ToString(),
    };
}
