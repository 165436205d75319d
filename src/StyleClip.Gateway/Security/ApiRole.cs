namespace StyleClip.Gateway.Security;

/// <summary>What a key may do. Each role may do what the ones before it may.</summary>
public enum ApiRole
{
    /// <summary>Look at everything and pull artifacts.</summary>
    Read,

    /// <summary>Submit, pause, resume and cancel sweeps and jobs; upload latents.</summary>
    Submit,

    /// <summary>Cordon and drain nodes.</summary>
    Admin,
}
