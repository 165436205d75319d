using StyleClip.Contracts.Sweeps;

namespace StyleClip.Cli.Remote;

/// <summary>What a submission did, for people.</summary>
internal static class SubmissionText
{
    public static string Headline(SweepSubmission submission) => submission.Created
        ? $"Sweep {submission.Sweep.Id} is submitted: {submission.JobsStarted} jobs started."
        : $"Sweep {submission.Sweep.Id} was submitted before: {submission.JobsStarted} jobs started; {PhaseText.Of(submission.Sweep.Jobs)}.";
}
