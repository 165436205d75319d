using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Membership;

/// <summary>Reads and changes the membership document of one cluster.</summary>
internal sealed class MembershipStore(IArtifactStore store, string clusterId)
{
    public string DocumentName { get; } = $"membership/{clusterId}.json";

    /// <summary>The document; an empty one where there is none.</summary>
    public async Task<MembershipDocument> Read(CancellationToken cancellationToken) =>
        await store.ReadDocument<MembershipDocument>(DocumentName, cancellationToken) ?? new MembershipDocument();

    /// <summary>
    /// Changes the document; <paramref name="change"/> is asked again whenever somebody else was first. False: it answered null, and no row
    /// was changed.
    /// </summary>
    public async Task<bool> Change(Func<MembershipDocument, MembershipDocument?> change, CancellationToken cancellationToken)
    {
        bool isChanged = false;
        await store.UpdateDocument<MembershipDocument>(
            DocumentName,
            seen =>
            {
                MembershipDocument before = seen ?? new MembershipDocument();
                MembershipDocument? after = change(before);
                isChanged = after is not null;
                return after ?? before;
            },
            cancellationToken);
        return isChanged;
    }

    public async Task Delete(CancellationToken cancellationToken)
    {
        while (await store.ReadDocument(DocumentName, cancellationToken) is { } document)
        {
            if (await store.DeleteDocument(DocumentName, document.ETag, cancellationToken)) return;
        }
    }
}
