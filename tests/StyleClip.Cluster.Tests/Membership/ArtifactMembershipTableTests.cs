using System.Net;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using StyleClip.Cluster.Membership;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cluster.Tests.Membership;

public sealed class ArtifactMembershipTableTests : IDisposable
{
    private static readonly DateTime Now = new(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private readonly string _folder = Directory.CreateTempSubdirectory("styleclip-membership-").FullName;
    private readonly DirectoryArtifactStore _store;
    private readonly ArtifactMembershipTable _table;

    public ArtifactMembershipTableTests()
    {
        _store = new DirectoryArtifactStore(_folder);
        _table = Table("one");
    }

    [Fact]
    public async Task A_cluster_without_members_is_an_empty_table_of_version_zero()
    {
        await _table.InitializeMembershipTableAsync(tryInitTableVersion: true, Ct);
        MembershipTableData all = await _table.ReadAllAsync(Ct);

        Assert.Empty(all.Members);
        Assert.Equal(0, all.Version.Version);
        Assert.Empty((await _table.ReadRowAsync(Silo(1), Ct)).Members);
    }

    [Fact]
    public async Task A_row_is_read_as_it_was_written()
    {
        MembershipEntry entry = Entry(1);
        entry.AddSuspector(Silo(2), Now);
        Assert.True(await Insert(entry));

        MembershipEntry read = Assert.Single((await _table.ReadRowAsync(Silo(1), Ct)).Members).Item1;
        Assert.Equal(
            (entry.SiloAddress, entry.Status, entry.SiloName, entry.HostName, entry.RoleName, entry.ProxyPort, entry.StartTime, entry.IAmAliveTime),
            (read.SiloAddress, read.Status, read.SiloName, read.HostName, read.RoleName, read.ProxyPort, read.StartTime, read.IAmAliveTime));
        Assert.Equal([Tuple.Create(Silo(2), Now)], read.SuspectTimes);
        Assert.Equal(DateTimeKind.Utc, read.IAmAliveTime.Kind);
    }

    [Fact]
    public async Task Each_membership_change_raises_the_version_by_one()
    {
        await Insert(Entry(1));
        await Insert(Entry(2));
        Assert.True(await Update(Entry(1, SiloStatus.Active)));

        MembershipTableData all = await _table.ReadAllAsync(Ct);
        Assert.Equal(3, all.Version.Version);
        Assert.Equal(SiloStatus.Active, all.TryGet(Silo(1))!.Item1.Status);
        Assert.Equal(SiloStatus.Joining, all.TryGet(Silo(2))!.Item1.Status);
    }

    [Fact]
    public async Task A_silo_is_inserted_once()
    {
        Assert.True(await Insert(Entry(1)));
        Assert.False(await Insert(Entry(1)));
    }

    [Fact]
    public async Task An_insert_with_a_stale_version_is_refused()
    {
        TableVersion stale = (await _table.ReadAllAsync(Ct)).Version.Next();
        await Insert(Entry(1));

        Assert.False(await _table.InsertRowAsync(Entry(2), stale, Ct));
        Assert.Single((await _table.ReadAllAsync(Ct)).Members);
    }

    [Fact]
    public async Task An_update_with_a_stale_table_version_is_refused()
    {
        await Insert(Entry(1));
        MembershipTableData seen = await _table.ReadAllAsync(Ct);
        await Insert(Entry(2));

        Assert.False(await _table.UpdateRowAsync(Entry(1, SiloStatus.Dead), seen.TryGet(Silo(1))!.Item2, seen.Version.Next(), Ct));
        Assert.Equal(SiloStatus.Joining, (await _table.ReadRowAsync(Silo(1), Ct)).Members[0].Item1.Status);
    }

    [Fact]
    public async Task An_update_with_a_stale_row_is_refused()
    {
        await Insert(Entry(1));
        string staleRow = (await _table.ReadAllAsync(Ct)).TryGet(Silo(1))!.Item2;
        await Update(Entry(1, SiloStatus.Active));

        Assert.False(await _table.UpdateRowAsync(Entry(1, SiloStatus.Dead), staleRow, (await _table.ReadAllAsync(Ct)).Version.Next(), Ct));
    }

    [Fact]
    public async Task An_update_of_an_unknown_silo_is_refused() =>
        Assert.False(await _table.UpdateRowAsync(Entry(9), "0", (await _table.ReadAllAsync(Ct)).Version.Next(), Ct));

    [Fact]
    public async Task A_sign_of_life_is_seen_and_does_not_spoil_a_change_that_others_prepare()
    {
        await Insert(Entry(1));
        MembershipTableData seen = await _table.ReadAllAsync(Ct);
        MembershipEntry alive = Entry(1);
        alive.IAmAliveTime = Now.AddSeconds(30);
        await _table.UpdateIAmAliveAsync(alive, Ct);

        Assert.Equal(Now.AddSeconds(30), (await _table.ReadAllAsync(Ct)).TryGet(Silo(1))!.Item1.IAmAliveTime);
        Assert.True(await _table.UpdateRowAsync(Entry(1, SiloStatus.Active), seen.TryGet(Silo(1))!.Item2, seen.Version.Next(), Ct));
    }

    [Fact]
    public async Task A_sign_of_life_changes_nothing_but_the_time()
    {
        await Insert(Entry(1));
        await Update(Entry(1, SiloStatus.Dead));
        MembershipEntry alive = Entry(1, SiloStatus.Active);
        alive.IAmAliveTime = Now.AddSeconds(30);
        await _table.UpdateIAmAliveAsync(alive, Ct);

        Assert.Equal(SiloStatus.Dead, (await _table.ReadRowAsync(Silo(1), Ct)).Members[0].Item1.Status);
        Assert.Equal(2, (await _table.ReadAllAsync(Ct)).Version.Version);
    }

    [Fact]
    public async Task A_sign_of_life_of_an_unknown_silo_fails() =>
        await Assert.ThrowsAsync<IOException>(() => _table.UpdateIAmAliveAsync(Entry(9), Ct));

    [Fact]
    public async Task Racing_nodes_all_join()
    {
        const int nodes = 8;
        await Task.WhenAll(Enumerable.Range(1, nodes).Select(port => Task.Run(async () =>
        {
            ArtifactMembershipTable table = Table("one");
            while (!await table.InsertRowAsync(Entry(port), (await table.ReadAllAsync(Ct)).Version.Next(), Ct)) await table.UpdateIAmAliveAsync(await Any(table), Ct);
        })));

        MembershipTableData all = await _table.ReadAllAsync(Ct);
        Assert.Equal((nodes, nodes), (all.Members.Count, all.Version.Version));
        Assert.Equal(nodes, all.Members.Select(member => member.Item1.SiloAddress).Distinct().Count());
    }

    [Fact]
    public async Task Of_racing_writers_who_saw_the_same_version_one_wins()
    {
        for (int round = 1; round <= 5; round++)
        {
            TableVersion next = (await _table.ReadAllAsync(Ct)).Version.Next();
            bool[] won = await Task.WhenAll(Enumerable.Range(0, 6).Select(writer =>
                Task.Run(() => Table("one").InsertRowAsync(Entry((round * 10) + writer), next, Ct))));
            Assert.Single(won, true);
        }
    }

    [Fact]
    public async Task Cleaning_up_removes_silos_that_ended_long_ago_and_no_others()
    {
        await Insert(Entry(1, SiloStatus.Dead));
        await Insert(Entry(2, SiloStatus.Active));
        MembershipEntry late = Entry(3, SiloStatus.Dead);
        late.IAmAliveTime = Now.AddHours(2);
        await Insert(late);

        await _table.CleanupDefunctSiloEntriesAsync(Now.AddHours(1), Ct);

        Assert.Equal([Silo(2), Silo(3)], (await _table.ReadAllAsync(Ct)).Members.Select(member => member.Item1.SiloAddress).Order());
    }

    [Fact]
    public async Task Clusters_with_different_ids_share_a_store_and_do_not_meet()
    {
        await Insert(Entry(1));
        ArtifactMembershipTable other = Table("two");
        Assert.Empty((await other.ReadAllAsync(Ct)).Members);

        await other.InsertRowAsync(Entry(2), (await other.ReadAllAsync(Ct)).Version.Next(), Ct);
        await other.DeleteMembershipTableEntriesAsync("one", Ct);
        Assert.Empty((await _table.ReadAllAsync(Ct)).Members);
        Assert.Single((await other.ReadAllAsync(Ct)).Members);
    }

    [Fact]
    public async Task Clients_are_sent_to_active_silos_that_take_them()
    {
        await Insert(Entry(1, SiloStatus.Active));
        await Insert(Entry(2));
        await Insert(Entry(3, SiloStatus.Dead));
        MembershipEntry closed = Entry(4, SiloStatus.Active);
        closed.ProxyPort = 0;
        await Insert(closed);

        var gateways = new ArtifactGatewayList(_store, Options.Create(new ClusterOptions { ClusterId = "one" }), Options.Create(new GatewayOptions()));
        Assert.Equal(["gwy.tcp://127.0.0.1:1001/7"], (await gateways.GetGatewaysAsync(Ct)).Select(uri => uri.ToString()));
    }

    public void Dispose()
    {
        _store.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static SiloAddress Silo(int port) => SiloAddress.New(IPAddress.Loopback, port, 7);

    private static MembershipEntry Entry(int port, SiloStatus status = SiloStatus.Joining) => new()
    {
        SiloAddress = Silo(port),
        Status = status,
        SiloName = $"n{port}",
        HostName = "host",
        RoleName = "role",
        ProxyPort = 1000 + port,
        StartTime = Now,
        IAmAliveTime = Now,
    };

    private static async Task<MembershipEntry> Any(ArtifactMembershipTable table)
    {
        MembershipEntry entry = (await table.ReadAllAsync(Ct)).Members[0].Item1;
        entry.IAmAliveTime = entry.IAmAliveTime.AddSeconds(1);
        return entry;
    }

    private ArtifactMembershipTable Table(string cluster) => new(_store, Options.Create(new ClusterOptions { ClusterId = cluster }));

    private async Task<bool> Insert(MembershipEntry entry) => await _table.InsertRowAsync(entry, (await _table.ReadAllAsync(Ct)).Version.Next(), Ct);

    private async Task<bool> Update(MembershipEntry entry)
    {
        MembershipTableData seen = await _table.ReadAllAsync(Ct);
        return await _table.UpdateRowAsync(entry, seen.TryGet(entry.SiloAddress)!.Item2, seen.Version.Next(), Ct);
    }
}
