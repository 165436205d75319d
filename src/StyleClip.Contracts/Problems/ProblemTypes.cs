namespace StyleClip.Contracts.Problems;

/// <summary>The kinds of <see cref="Problem"/>. A URI that was published here keeps its meaning.</summary>
public static class ProblemTypes
{
    /// <summary>No API key, or none that is valid: 401.</summary>
    public const string Unauthenticated = Prefix + "unauthenticated";

    /// <summary>The API key is valid and its role does not allow this: 403.</summary>
    public const string Forbidden = Prefix + "forbidden";

    /// <summary>There is no such thing: 404.</summary>
    public const string NotFound = Prefix + "not-found";

    /// <summary>The address exists, the method does not: 405.</summary>
    public const string MethodNotAllowed = Prefix + "method-not-allowed";

    /// <summary>The request cannot be read: 400.</summary>
    public const string InvalidRequest = Prefix + "invalid-request";

    /// <summary>A sweep's spec has mistakes, all of which are listed: 422.</summary>
    public const string InvalidSpec = Prefix + "invalid-spec";

    /// <summary>Uploaded bytes are not those of the digest in the address, or not of a kind that may be uploaded: 422.</summary>
    public const string InvalidArtifact = Prefix + "invalid-artifact";

    /// <summary>The body is larger than the gateway takes: 413.</summary>
    public const string TooLarge = Prefix + "too-large";

    /// <summary>The body's media type is not one that the endpoint reads: 415.</summary>
    public const string UnsupportedMediaType = Prefix + "unsupported-media-type";

    /// <summary>The bytes asked for lie outside of the artifact: 416.</summary>
    public const string RangeNotSatisfiable = Prefix + "range-not-satisfiable";

    /// <summary>No node answered in time: 503. The same request may succeed later.</summary>
    public const string ClusterUnavailable = Prefix + "cluster-unavailable";

    /// <summary>The artifact store did not answer: 503. The same request may succeed later.</summary>
    public const string StoreUnavailable = Prefix + "store-unavailable";

    /// <summary>What the store holds is damaged: 500. Trying again does not help.</summary>
    public const string DamagedArtifact = Prefix + "damaged-artifact";

    /// <summary>A fault of the gateway: 500.</summary>
    public const string Internal = Prefix + "internal";

    // Not an address: nobody should have to own a domain to keep these stable.
    private const string Prefix = "urn:styleclip:problem:";
}
