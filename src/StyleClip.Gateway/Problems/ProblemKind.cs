using Microsoft.AspNetCore.Http;
using StyleClip.Contracts.Problems;

namespace StyleClip.Gateway.Problems;

/// <summary>A problem type with its status and title.</summary>
internal sealed record ProblemKind(string Type, int Status, string Title)
{
    public static readonly ProblemKind
        InvalidRequest = new(ProblemTypes.InvalidRequest, StatusCodes.Status400BadRequest, "The request cannot be read"),
        Unauthenticated = new(ProblemTypes.Unauthenticated, StatusCodes.Status401Unauthorized, "No valid API key"),
        Forbidden = new(ProblemTypes.Forbidden, StatusCodes.Status403Forbidden, "The API key's role does not allow this"),
        NotFound = new(ProblemTypes.NotFound, StatusCodes.Status404NotFound, "There is no such thing"),
        MethodNotAllowed = new(ProblemTypes.MethodNotAllowed, StatusCodes.Status405MethodNotAllowed, "The address has no such method"),
        TooLarge = new(ProblemTypes.TooLarge, StatusCodes.Status413PayloadTooLarge, "The body is too large"),
        UnsupportedMediaType = new(ProblemTypes.UnsupportedMediaType, StatusCodes.Status415UnsupportedMediaType, "The body is of a kind that is not read here"),
        RangeNotSatisfiable = new(ProblemTypes.RangeNotSatisfiable, StatusCodes.Status416RangeNotSatisfiable, "The range lies outside of the artifact"),
        InvalidSpec = new(ProblemTypes.InvalidSpec, StatusCodes.Status422UnprocessableEntity, "The sweep's spec has mistakes"),
        InvalidArtifact = new(ProblemTypes.InvalidArtifact, StatusCodes.Status422UnprocessableEntity, "The uploaded bytes are refused"),
        Internal = new(ProblemTypes.Internal, StatusCodes.Status500InternalServerError, "The gateway failed"),
        DamagedArtifact = new(ProblemTypes.DamagedArtifact, StatusCodes.Status500InternalServerError, "The store holds damaged bytes"),
        ClusterUnavailable = new(ProblemTypes.ClusterUnavailable, StatusCodes.Status503ServiceUnavailable, "No node answered in time"),
        StoreUnavailable = new(ProblemTypes.StoreUnavailable, StatusCodes.Status503ServiceUnavailable, "The artifact store did not answer");

    private static readonly ProblemKind[] ByStatus =
        [InvalidRequest, Unauthenticated, Forbidden, NotFound, MethodNotAllowed, TooLarge, UnsupportedMediaType, RangeNotSatisfiable];

    /// <summary>The kind that a bare status stands for.</summary>
    public static ProblemKind OfStatus(int status) => ByStatus.FirstOrDefault(kind => kind.Status == status)
        ?? (status < 500 ? InvalidRequest with { Status = status } : Internal);
}
