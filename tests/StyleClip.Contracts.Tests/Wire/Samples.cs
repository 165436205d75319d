using System.Collections.Immutable;
using StyleClip.Contracts.Comparisons;
using StyleClip.Contracts.Directions;
using StyleClip.Contracts.Domain;
using StyleClip.Contracts.Edits;
using StyleClip.Contracts.Jobs;
using StyleClip.Contracts.Latents;
using StyleClip.Contracts.Library;
using StyleClip.Contracts.Nodes;
using StyleClip.Contracts.Packs;
using StyleClip.Contracts.Problems;
using StyleClip.Contracts.Recipes;
using StyleClip.Contracts.Sweeps;
using StyleClip.Contracts.Validation;

namespace StyleClip.Contracts.Tests.Wire;

/// <summary>One record of each kind that travels or is stored, with every member set.</summary>
internal static class Samples
{
    private static readonly Digest PackDigest = Digest.Of("pack"u8);
    private static readonly ArtifactRef Mapper = new(Digest.Of("mapper"u8), 12_600_000, MediaTypes.Safetensors);
    private static readonly ArtifactRef Strip = new(Digest.Of("strip"u8), 34_567, MediaTypes.Png);
    private static readonly ArtifactRef Card = new(Digest.Of("card"u8), 2_345, MediaTypes.Json);
    private static readonly BankSpec Bank = new() { Source = BankSource.File, Count = 1024, Validation = 32, Truncation = 0.5, Seed = 3, Digest = Digest.Of("latents"u8) };
    private static readonly DirectionTableSpec Directions = new()
    {
        Samples = 2_000,
        Images = 10,
        StrengthSigma = 10,
        Mode = ChannelSweepMode.Cumulative,
        LastLayer = DirectionTableSpec.PublishedLastLayer,
        Truncation = 0.5,
        Seed = 5,
        Preparation = ClipPreparation.OnDevice,
        ImagesPerPass = 64,
    };

    private static readonly GateSpec Gate = new() { ClipGain = 0.05, IdentitySimilarity = 0.8 };

    private static readonly RecipeSpec Recipe = new()
    {
        Name = "mine",
        Steps = 300,
        Mapper = new MapperRecipe { Kind = MapperKind.Levels, Levels = Levels.Coarse | Levels.Medium, PixelNormAxis = PixelNormAxis.Layer },
        Loss = new LossRecipe { ClipInput = ClipInput.Raw, ClipTarget = ClipTarget.Directional },
        Optimizer = new OptimizerRecipe { Kind = OptimizerKind.Adam, LearningRate = 1, Schedule = ScheduleKind.Cosine, WarmUpSteps = 5, Beta1 = 0.9, Beta2 = 0.99, Epsilon = 1e-8 },
        Batch = new BatchRecipe { Size = 8, MicroShards = 4 },
        EarlyStopping = new EarlyStoppingRecipe(),
    };

    private static readonly StepReport Step = new()
    {
        Step = 120,
        StepsTarget = 300,
        ClipLoss = 0.75,
        IdentityLoss = 0.125,
        LatentL2Loss = 0.5,
        Objective = 1.25,
        GradientNorm = 0.0625,
        LearningRate = 0.5,
        Seconds = 0.25,
    };

    private static readonly ValidationReport Metrics = new()
    {
        Step = 100,
        ClipLoss = 0.75,
        IdentityLoss = 0.0625,
        LatentL2Loss = 0.5,
        Objective = 1.25,
        SourceSimilarity = 0.125,
        EditedSimilarity = 0.375,
        IdentitySimilarity = 0.9375,
        DirectionalSimilarity = 0.5,
        LatentShiftNorm = 4,
    };

    private static readonly ComparisonSpec Comparison = new()
    {
        Name = "paper",
        Pack = "demo",
        Recipe = Recipe,
        Prompts = [new ComparisonPrompt { Text = "a clown", Neutral = "a face", Kind = PromptKind.Complex, Recipe = Recipe }],
        Methods = [ComparisonMethod.Mapper, ComparisonMethod.OptimizationInStyleSpace, ComparisonMethod.TediGan],
        Latents = 2,
        Bank = Bank,
        Seed = 7,
    };

    private static readonly EditNumbers Numbers = new()
    {
        SourceSimilarity = 0.125,
        EditedSimilarity = 0.375,
        DirectionalSimilarity = 0.5,
        IdentitySimilarity = 0.9375,
        WPlusDistance = 4,
        StyleDistance = 8,
        PixelDistance = 0.0625,
        SourceHasAttribute = 0,
        EditedHasAttribute = 1,
        OtherAttributesChanged = 0.25,
    };

    private static readonly MeasuredSeconds Seconds = new(1.5, "its job, on cpu-avx2-1t");

    private static readonly StepSimilarity Steps = new() { StyleSpace = 0.75, WPlus = 0.5 };

    /// <summary>A generator's shape.</summary>
    public static PackGenerator Generator { get; } = new()
    {
        Size = 64,
        StyleDim = 128,
        MappingLayers = 4,
        Channels = ImmutableSortedDictionary<int, int>.Empty.Add(4, 96).Add(8, 64),
    };

    private static readonly DomainRecipe Probe = new() { Pictures = 128, Latents = 3, Steps = 40 };

    private static readonly DomainReport Domain = new()
    {
        Verdict = DomainVerdict.Doubtful,
        Sentence = "It may draw this one in part.",
        Probe = Probe,
        FoundSimilarity = 0.1875,
        DrawnSimilarity = 0.28125,
        SourceSimilarity = 0.125,
        ReachedSimilarity = 0.25,
        MapperSimilarity = 0.1875,
        Reference = new DomainReference { Prompts = 40, OutsideBelow = 0.25, Lowest = 0.3125, Median = 0.375, Highest = 0.5, Calibration = Digest.Of("calibration"u8) },
    };

    /// <summary>What a job computes; the id in <see cref="Job"/> is not derived from it.</summary>
    public static JobSpec JobSpec { get; } = new()
    {
        Prompt = "a face with \"red\" hair & größe 笑",
        Neutral = "a face",
        Pack = PackDigest,
        Bank = Bank,
        Recipe = Recipe,
        Seed = 7,
        Gate = Gate,
    };

    /// <summary>What only jobs that train no mapper say. No real job says all of it.</summary>
    public static JobSpec OtherJobSpec { get; } = JobSpec with
    {
        Method = EditMethod.Direction,
        Table = Directions,
        Recipe = Recipe with
        {
            Optimization = new OptimizationRecipe
            {
                Kind = OptimizationKind.TediGan,
                Space = OptimizationSpace.StyleSpace,
                Start = OptimizationStart.Code,
                Count = 4,
                Steps = 100,
                LearningRate = 0.05,
                LatentL2 = 0.01,
                Identity = 0.25,
            },
            Direction = new DirectionRecipe { Alpha = -3, Beta = 0.125, AutoBetaChannels = 30, Table = Directions },
        },
    };

    public static IReadOnlyList<object> All { get; } =
    [
        JobSpec,
        Status(),
        new SweepPlan { Name = "demo", Jobs = [JobSpec, OtherJobSpec], MaxDevices = 2, Priority = 10 },
        new SweepSpec
        {
            Name = "demo",
            Pack = "demo",
            Recipe = Recipe,
            Prompts = [new PromptSpec { Text = "a smiling face", Neutral = "a face", Recipe = Recipe, Method = EditMethod.Optimization }],
            Bank = Bank with { Path = "latents.safetensors", Digest = null },
            Seed = 7,
            Tables = [new TableSpec { Name = "published", Spec = Directions }],
            Budget = new BudgetSpec { Steps = 200, Devices = 2, Priority = 10 },
            Gate = Gate,
        },
        Comparison,
        Report(),
        new SweepStatus { Id = new SweepId("demo-01234567"), Name = "demo", Phase = SweepPhase.Running, Jobs = [Status()] },
        new SweepUpdate { Sequence = 42, Phase = SweepPhase.Ended, Jobs = [Status()] },
        Summary,
        new NodeStatus
        {
            Name = "node-1", State = NodeState.Draining, Build = "0.1.0", HeardAt = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), Reason = "drained by a user",
            Devices = [new NodeDeviceStatus { Index = 1, Kind = "cpu-avx2-1t", Sweep = new SweepId("demo-01234567"), Job = Job }],
        },
        new CheckpointManifest
        {
            Job = Job, Epoch = 3, Step = 100, State = Mapper, Strip = Strip, Validation = Metrics, Best = Metrics, DeviceKind = "cpu-avx2-1t", Build = "0.1.0",
        },
        new BankManifest
        {
            Spec = Bank, Pack = PackDigest, DeviceKind = "cpu-avx2-1t", ClipInput = ClipInput.Normalized, TrainingCount = 1024, ValidationCount = 32, Shards = [Mapper],
        },
        new MapperCard
        {
            Slug = Slug.Of("a smiling face"), Prompt = "a smiling face", Neutral = "a face", Job = Job, Mapper = Mapper, Strip = Strip,
            Pack = new CardPack("demo", PackDigest, "MIT", new SortedDictionary<string, Digest> { ["clip"] = Digest.Of("clip"u8) }),
            Recipe = Recipe with { Domain = Probe }, Bank = Bank, Seed = 7, Steps = 300, Metrics = Metrics, Domain = Domain, Gate = Gate, PassesGate = true, DeviceKind = "cpu-avx2-1t", Build = "0.1.0",
            Notes = ["The pack has no identity network."],
            Origin = Origin,
            Method = EditMethod.Direction,
        },
        Entry,
        Pack(),
        new PackSummary { Name = "demo", Digest = PackDigest, Description = "Drawn faces", Licence = "MIT", ImageSize = 64, HasIdentity = true, Truncation = 0.5 },
        new SweepPage { Items = [Summary], Next = new SweepId("demo-01234567") },
        new SweepSubmission { Sweep = Summary, Created = true, JobsStarted = 3 },
        new SweepOutline
        {
            Id = new SweepId("demo-01234567"),
            Exists = true,
            Jobs =
            [
                new JobOutline
                {
                    Id = Job, Prompt = "a smiling face", Slug = Slug.Of("a smiling face"), Recipe = "default", Steps = 300, Method = EditMethod.Optimization, Table = Directions,
                },
            ],
        },
        new CataloguePage { Items = [Entry], Next = Slug.Of("a smiling face") },
        new Problem
        {
            Type = ProblemTypes.InvalidSpec,
            Title = "The sweep's spec has mistakes",
            Status = 422,
            Detail = "sweep:3:7: seed is x; it must be a number",
            Instance = "/v1/sweeps",
            TraceId = "00-0123456789abcdef0123456789abcdef-0123456789abcdef-00",
            Mistakes = [new SpecMistake("sweep", 3, 7, "seed", "x", "must be a number")],
        },
        new DirectionTableCard
        {
            Name = "published", Pack = new CardPack("demo", PackDigest, "MIT", new SortedDictionary<string, Digest> { ["clip"] = Digest.Of("clip"u8) }),
            Table = Mapper, Rows = 5_376, Features = 512, Spec = Directions, DeviceKind = "cpu-avx2-1t", Build = "0.1.0", Origins = [Origin],
        },
        new DirectionTableEntry
        {
            Name = "published", Pack = PackDigest, Card = Card, Table = Mapper, Spec = Directions, Published = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero),
        },
        new DirectionBuildState
        {
            Request = new DirectionBuildRequest { Pack = PackDigest, Spec = Directions, DeviceKind = "cpu-avx2-1t", Build = "0.1.0" },
            RangeSize = 64,
            Statistics = new DirectionBuildUnit { Artifact = Mapper, Seconds = 12.5 },
            Ranges = [new DirectionBuildUnit { Holder = "machine-7-0", Renewed = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero) }],
        },
        new PackCalibration
        {
            Pack = PackDigest, Probe = Probe, Prompts = [new CalibrationPrompt("a smiling face", 0.125, 0.375)], DeviceKind = "cpu-avx2-1t", Build = "0.1.0",
        },
        new JobLogEntry { At = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), Epoch = 3, Step = 100, Message = "node-2/0 joins" },
    ];

    private static SweepSummary Summary => new()
    {
        Id = new SweepId("demo-01234567"),
        Name = "demo",
        Phase = SweepPhase.Running,
        Priority = 10,
        Jobs = new SortedDictionary<JobPhase, int> { [JobPhase.Succeeded] = 3 },
    };

    private static CatalogueEntry Entry => new()
    {
        Slug = Slug.Of("a smiling face"),
        Prompt = "a smiling face",
        Versions =
        [
            new CatalogueVersion
            {
                Number = 1, Card = Card, Mapper = Mapper, Strip = Strip, Job = Job, Pack = PackDigest, ClipGain = 0.25, IdentitySimilarity = 0.9375,
                Published = new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), Method = EditMethod.Direction,
                Domain = DomainVerdict.Doubtful,
            },
        ],
    };

    private static JobId Job => new("0123456789abcdef");

    private static ComparisonReport Report() => new()
    {
        Spec = Comparison,
        Pack = new CardPack("demo", PackDigest, "MIT", new SortedDictionary<string, Digest> { ["clip"] = Digest.Of("clip"u8) }),
        PackDescription = "Drawn faces.",
        ImageSize = 64,
        ClipInput = ClipInput.Normalized,
        DeviceKind = "cpu-avx2-1t",
        Build = "0.1.0",
        Methods = [new ComparisonSummary { Method = ComparisonMethod.Mapper, Sweep = new SweepId("paper-01234567"), Prompts = 1, Mean = Numbers, StepSimilarity = Steps, PreparationSeconds = Seconds, PromptSeconds = Seconds, ImageSeconds = Seconds }],
        Prompts =
        [
            new ComparisonResult
            {
                Prompt = "a clown",
                Neutral = "a face",
                Kind = PromptKind.Complex,
                Cells =
                [
                    new ComparisonCell
                    {
                        Method = ComparisonMethod.Mapper, Job = Job, Phase = JobPhase.Rejected, Reason = "clipGain is 0.01", Result = Mapper, Steps = 300,
                        PromptSeconds = Seconds, ImageSeconds = Seconds, Mean = Numbers, Latents = [Numbers], StepSimilarity = Steps,
                    },
                ],
            },
        ],
        Notes = ["Faces have 64 pixels."],
    };

    private static JobStatus Status() => new()
    {
        Id = Job,
        Sweep = new SweepId("demo-01234567"),
        Prompt = "a smiling face",
        Slug = Slug.Of("a smiling face"),
        Phase = JobPhase.Succeeded,
        Reason = "stopped early",
        Epoch = 3,
        Step = 120,
        StepsTarget = 300,
        StepsPerSecond = 8.5,
        Device = "node-1/0",
        Width = 2,
        Restarts = 1,
        LastStep = Step,
        LastValidation = Metrics,
        Best = Metrics,
        DeviceSeconds = 33.5,
        CheckpointStep = 100,
        Card = Card,
        Mapper = Mapper,
        Strip = Strip,
        Method = EditMethod.Direction,
        Table = Directions,
        Domain = Domain,
    };

    private static FileOrigin Origin => new()
    {
        File = "model.pt",
        Digest = PackDigest,
        SizeBytes = 123,
        Format = "a format",
        Published = "a known file",
        Notes = ["a note"],
    };

    private static PackManifest Pack() => new()
    {
        Origins = ImmutableSortedDictionary<string, FileOrigin>.Empty.Add("generator", Origin),
        Name = "demo",
        Description = "Drawn faces",
        Licence = "MIT",
        Files = ImmutableSortedDictionary<string, PackFile>.Empty.Add(PackRoles.Clip, new PackFile("clip.safetensors", Digest.Of("clip"u8), 2_900_000)),
        Generator = Generator,
        Clip = new PackClip
        {
            ImageSize = 64,
            PatchSize = 8,
            VisionWidth = 128,
            VisionLayers = 4,
            VisionHeads = 4,
            EmbedDim = 128,
            TextWidth = 128,
            TextLayers = 3,
            TextHeads = 2,
            ContextLength = 24,
            VocabularySize = 60,
        },
        Tokenizer = new PackTokenizer { Kind = PackTokenizerKind.Words, Words = ["a", "face"] },
        Identity = new PackIdentity
        {
            InputSize = 48,
            EmbeddingDim = 128,
            Stages = [new PackIdentityStage(16, 32, 2)],
            Crop = new PackFaceCrop(64, 8, 8, 48, 48, 48),
        },
        Attributes = new PackAttributes
        {
            InputSize = 64,
            EmbeddingDim = 96,
            Stages = [new PackIdentityStage(16, 32, 1)],
            Values = 19,
            List = [new PackAttribute { Name = "sad", Prompts = ["sad"], Index = 11, Threshold = -0.35f, Below = true, Group = "mood" }],
        },
        Perceptual = new PackPerceptual { Layers = [new PackPerceptualLayer(3, 64, Pool: true)], Input = PerceptualInput.Bgr255 },
        LatentAverage = [0.5f, -0.25f],
    };
}
