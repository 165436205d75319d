using System.Buffers.Binary;
using System.Collections.Immutable;
using StyleClip.Cluster.Gradients;
using StyleClip.Cluster.Jobs;
using StyleClip.Cluster.Nodes;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Storage.Artifacts;

namespace StyleClip.ControlPlane;

/// <summary>What simulated devices say: of the sizes that real ones say, but made up.</summary>
internal sealed class SimulatedWork
{
    public const string DeviceKind = "simulated-1t";
    public const string Build = "simulated";

    private const int StepsPerReport = 50;

    private readonly Digest _pack;
    private readonly ArtifactRef _mapper;
    private readonly ArtifactRef _strip;

    private SimulatedWork(Digest pack, ArtifactRef mapper, ArtifactRef strip) => (_pack, _mapper, _strip) = (pack, mapper, strip);

    /// <summary>Stores what mappers are published with.</summary>
    public static async Task<SimulatedWork> Prepare(IArtifactStore store, CancellationToken cancellationToken)
    {
        ArtifactRef pack = await store.PutJson(Pack(), cancellationToken);
        ArtifactRef mapper = await store.Put("mapper"u8.ToArray(), MediaTypes.Safetensors, cancellationToken);
        ArtifactRef strip = await store.Put("strip"u8.ToArray(), MediaTypes.Png, cancellationToken);
        return new SimulatedWork(pack.Digest, mapper, strip);
    }

    public SweepPlan Plan(int sweep, ControlPlaneOptions options) => new()
    {
        Name = $"simulated-{sweep}",
        MaxDevices = options.MaxDevices,
        Jobs = [.. Enumerable.Range(0, options.Jobs / options.Sweeps).Select(job => new JobSpec
        {
            Prompt = $"a face with look {sweep} {job}",
            Pack = _pack,
            Bank = new BankSpec { Count = 8, Validation = 2 },
            Recipe = new RecipeSpec { Name = "simulated", Steps = options.Reports * StepsPerReport, Batch = new BatchRecipe { Size = options.MicroShards, MicroShards = options.MicroShards } },
            Seed = options.Seed,
            Gate = new GateSpec(),
        })],
    };

    public static MemberIdentity Identity(JobSpec spec) => new() { DeviceKind = DeviceKind, Build = Build, Pack = spec.Pack };

    public static bool HasCheckpoint(int report, ControlPlaneOptions options) =>
        options.Checkpoints > 0 && (report + 1) % Math.Max(1, options.Reports / (options.Checkpoints + 1)) == 0 && report + 1 < options.Reports;

    /// <summary>The report at which a segment fails; -1: it does not.</summary>
    public static int FailsAt(SegmentRequest request, ControlPlaneOptions options)
    {
        if (options.FailureRate <= 0) return -1;
        var random = new Random(HashCode.Combine(request.Job, request.Lease.Id, options.Seed));
        return random.NextDouble() < options.FailureRate ? random.Next(options.Reports) : -1;
    }

    public static WorkerProgress Progress(Guid lease, MemberIdentity identity, int report, ControlPlaneOptions options) => new()
    {
        Lease = lease,
        Identity = identity,
        StepsPerSecond = 8,
        LastStep = new StepReport
        {
            Step = (report + 1) * StepsPerReport,
            StepsTarget = options.Reports * StepsPerReport,
            ClipLoss = 0.7,
            IdentityLoss = 0.05,
            LatentL2Loss = 0.01,
            Objective = 0.76,
            GradientNorm = 0.1,
            LearningRate = 0.5,
            Seconds = 0.125,
        },
        LastValidation = Metrics(report),
    };

    // A checkpoint's digest carries its report, so that whoever continues knows where.
    public (ArtifactRef Manifest, CheckpointManifest Content) Checkpoint(SegmentRequest request, int report, ControlPlaneOptions options)
    {
        byte[] number = new byte[32];
        BinaryPrimitives.WriteInt32BigEndian(number, report);
        var manifest = new ArtifactRef(Digest.Parse($"sha256:{Convert.ToHexStringLower(number)}"), 1000, MediaTypes.Json);
        return (manifest, new CheckpointManifest
        {
            Job = new JobId(request.Job.Job),
            Epoch = request.View?.Epoch ?? 0,
            Step = report * StepsPerReport,
            State = _mapper,
            Strip = _strip,
            Validation = Metrics(report),
            Best = Metrics(report),
            DeviceKind = DeviceKind,
            Build = Build,
        });
    }

    public static int ReportOf(ArtifactRef? checkpoint) =>
        checkpoint is null ? 0 : BinaryPrimitives.ReadInt32BigEndian(Convert.FromHexString(checkpoint.Digest.Hex));

    public TrainingResult Result() => new()
    {
        Mapper = _mapper,
        Strip = _strip,
        Metrics = Metrics(1),
        Steps = 100,
        DeviceKind = DeviceKind,
        Build = Build,
    };

    private static ValidationReport Metrics(int report) => new()
    {
        Step = report * StepsPerReport,
        ClipLoss = 0.7,
        IdentityLoss = 0.05,
        LatentL2Loss = 0.01,
        Objective = 0.76,
        SourceSimilarity = 0.1,
        EditedSimilarity = 0.3,
        IdentitySimilarity = 0.95,
        LatentShiftNorm = 1,
    };

    private static PackManifest Pack() => new()
    {
        Name = "simulated",
        Description = "Nothing is computed with this pack.",
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty
            .Add(PackRoles.Generator, new PackFile("generator.safetensors", Digest.Of("generator"u8), 1))
            .Add(PackRoles.Clip, new PackFile("clip.safetensors", Digest.Of("clip"u8), 1)),
        Generator = new PackGenerator { Size = 8, StyleDim = 8, MappingLayers = 2, Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 8).Add(8, 8) },
        Clip = new PackClip
        {
            ImageSize = 8,
            PatchSize = 4,
            VisionWidth = 8,
            VisionLayers = 1,
            VisionHeads = 1,
            EmbedDim = 8,
            TextWidth = 8,
            TextLayers = 1,
            TextHeads = 1,
            ContextLength = 8,
            VocabularySize = 8,
        },
        Tokenizer = new PackTokenizer { Kind = PackTokenizerKind.Words, Words = ["a", "face"] },
        LatentAverage = [0, 0, 0, 0, 0, 0, 0, 0],
    };
}
