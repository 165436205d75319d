using System.CommandLine;
using System.CommandLine.Parsing;
using StyleClip.Cli.Directions;
using StyleClip.Cli.Packs;
using StyleClip.Cli.Remote;
using StyleClip.Cli.Running;
using StyleClip.Contracts.Directions;
using StyleClip.Node;
using StyleClip.Storage.Artifacts;

namespace StyleClip.Cli.Commands;

/// <summary><c>styleclip directions</c>: global edit directions from a table that is measured once per pack (StyleCLIP, section 6).</summary>
internal static class DirectionsCommand
{
    public static Command Create() => new("directions", "Measure direction tables of a pack, and edit by text with them.")
    {
        Build(),
        List(),
        Show(),
        Export(),
        Import(),
        DirectionsApplyCommand.Create(),
    };

    private static Command Build()
    {
        var pack = new Option<string>("--pack") { Description = "The pack: a folder, one that ships with the program, or one of the store by name or digest.", Required = true };
        Option<string> store = CommonOptions.Store();
        Option<string?> name = CommonOptions.Text("--name", "Name of the table; by default made of its options.");
        var samples = new Option<int>("--samples") { Description = "Latents behind the channels' means and deviations.", DefaultValueFactory = _ => 100_000 };
        var images = new Option<int>("--images") { Description = "Base images in which every channel is moved.", DefaultValueFactory = _ => 100 };
        var strength = new Option<double>("--strength-sigma") { Description = "How far a channel is moved to either side of its mean, in standard deviations.", DefaultValueFactory = _ => 5 };
        var mode = new Option<ChannelSweepMode>("--mode")
        {
            Description = "independent: each channel alone, as in the paper; cumulative: channels studied before stay at their means, as in the published program.",
            DefaultValueFactory = _ => ChannelSweepMode.Independent,
        };
        var lastLayer = new Option<string>("--last-layer") { Description = "Last style layer: all, published (16: 128 pixels), or its index.", DefaultValueFactory = _ => "all" };
        var seed = new Option<long>("--seed") { Description = "Seed of the latents." };
        var preparation = new Option<ClipPreparation>("--preparation")
        {
            Description = "exact: CLIP's own preparation bit for bit; onDevice: the same weights for a whole batch on its device, at most two values in ten thousand one step of 255 off.",
            DefaultValueFactory = _ => ClipPreparation.Exact,
        };
        var perPass = new Option<int>("--images-per-pass") { Description = "Images in one pass through the networks; the last bits may depend on it.", DefaultValueFactory = _ => 16 };
        var range = new Option<int>("--range") { Description = "Channels in a range: the unit that a device claims and stores. The process that begins a table decides.", DefaultValueFactory = _ => DirectionTables.RangeSize };
        var device = new Option<DeviceChoice>("--device") { Description = "auto: the GPU where the build and the machine have one, else CPU devices.", DefaultValueFactory = _ => DeviceChoice.Auto };
        var devices = new Option<int>("--devices") { Description = "CPU devices, each one thread.", DefaultValueFactory = _ => Environment.ProcessorCount };
        var threads = new Option<int>("--threads-per-device") { Description = "Intra-op threads of a device. Part of the device kind: only equal kinds share a table.", DefaultValueFactory = _ => 1 };
        var output = new Option<OutputForm>("--output") { Description = "text, or json: one JSON document, progress lines go to standard error.", DefaultValueFactory = _ => OutputForm.Text };
        CommonOptions.RequireRange(samples, 2, 10_000_000);
        CommonOptions.RequireRange(images, 1, 100_000);
        CommonOptions.RequireRange(perPass, 1, 4_096);
        CommonOptions.RequireRange(range, 1, 1_000_000);
        CommonOptions.RequireRange(devices, 1, 1_024);
        CommonOptions.RequireRange(threads, 1, 1_024);
        strength.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() is not (> 0 and <= 100)) result.AddError($"{strength.Name} must be above 0, at most 100.");
        });
        lastLayer.Validators.Add(result =>
        {
            if (result.Tokens is [var token] && token.Value is not ("all" or "published") && (!int.TryParse(token.Value, out int layer) || layer < 0))
                result.AddError($"{lastLayer.Name} is {token.Value}; it must be all, published or the index of a style layer.");
        });

        var command = new Command("build", "Measure a pack's direction table. Any number of processes with the same store work on the same table; a killed one goes on where it was.")
        {
            pack, store, name, samples, images, strength, mode, lastLayer, seed, preparation, perPass, range, device, devices, threads, output,
        };
        RemoteOptions remote = RemoteOptions.AddChoiceTo(command, output, "its nodes measure the table, as a sweep of one job, instead of this machine");
        Option[] local = [store, range, device, devices, threads];
        command.Validators.Add(result =>
        {
            if (result.GetResult("--gateway") is not OptionResult { Implicit: false }) return;
            foreach (Option option in local.Where(option => result.GetResult(option) is { Implicit: false }))
                result.AddError($"{option.Name} is for measuring on this machine; with --gateway the cluster's nodes measure.");
        });
        command.SetAction((parsed, cancellationToken) => remote.IsGiven(parsed)
            ? remote.Run(parsed, call => RemoteBuild.Run(call, parsed.GetRequiredValue(pack), parsed.GetValue(name), Spec(parsed)), cancellationToken)
            : InputErrors.Report(() => new DirectionBuild(
                new DirectionBuildOptions
                {
                    Pack = parsed.GetRequiredValue(pack),
                    Store = parsed.GetRequiredValue(store),
                    Name = parsed.GetValue(name),
                    Spec = Spec(parsed),
                    RangeSize = parsed.GetValue(range),
                    Device = parsed.GetValue(device),
                    Devices = parsed.GetValue(devices),
                    ThreadsPerDevice = parsed.GetValue(threads),
                    Output = parsed.GetValue(output),
                },
                TimeProvider.System).Run(cancellationToken)));
        return command;

        Func<double, DirectionTableSpec> Spec(ParseResult parsed) => truncation => new DirectionTableSpec
        {
            Samples = parsed.GetValue(samples),
            Images = parsed.GetValue(images),
            StrengthSigma = parsed.GetValue(strength),
            Mode = parsed.GetValue(mode),
            LastLayer = LastLayer(parsed.GetRequiredValue(lastLayer)),
            Truncation = truncation,
            Seed = parsed.GetValue(seed),
            Preparation = parsed.GetValue(preparation),
            ImagesPerPass = parsed.GetValue(perPass),
        };
    }

    private static Command List()
    {
        Option<string?> pack = CommonOptions.Text("--pack", "Only tables of this pack.");
        Option<string> store = CommonOptions.Store();
        var command = new Command("list", "List the store's direction tables.") { pack, store };
        command.SetAction((parsed, cancellationToken) => InputErrors.Report(async () =>
        {
            string location = parsed.GetRequiredValue(store);
            PackPlace? place = parsed.GetValue(pack) is { } name ? await PackPlace.Find(name, location, cancellationToken) : null;
            using IArtifactStore artifacts = ArtifactStores.Open(location);
            await new TableCatalogue(artifacts, TimeProvider.System).List(place, cancellationToken);
        }));
        return command;
    }

    private static Command Show()
    {
        TableOptions options = new();
        var command = new Command("show", "Show a direction table's card.") { options.Pack, options.Table, options.Store };
        command.SetAction((parsed, cancellationToken) => options.Run(
            parsed, (tables, pack) => tables.Show(pack, parsed.GetValue(options.Table), cancellationToken), cancellationToken));
        return command;
    }

    private static Command Export()
    {
        TableOptions options = new();
        var format = new Option<string>("--format") { Description = "npy: a folder with fs3.npy and S_mean_std, as the original program reads them; safetensors: the table's own file.", DefaultValueFactory = _ => "npy" };
        format.AcceptOnlyFromAmong("npy", "safetensors");
        var output = new Option<string>("--out") { Description = "The folder (npy) or file (safetensors) to write.", Required = true };
        var command = new Command("export", "Write a direction table to files.") { options.Pack, options.Table, options.Store, format, output };
        command.SetAction((parsed, cancellationToken) => options.Run(
            parsed,
            (tables, pack) => tables.Export(pack, parsed.GetValue(options.Table), parsed.GetValue(format) == "npy", Path.GetFullPath(parsed.GetRequiredValue(output)), cancellationToken),
            cancellationToken));
        return command;
    }

    private static Command Import()
    {
        TableOptions options = new();
        Option<FileInfo> rows = CommonOptions.RequiredFile("--rows", "The table's rows: fs3.npy.");
        Option<FileInfo> statistics = CommonOptions.RequiredFile("--statistics", "Means and deviations of the style channels: S_mean_std.");
        var name = new Option<string>("--name") { Description = "Name of the table.", Required = true };
        var command = new Command("import", "Publish a direction table of the original program. Nothing in a file is ever executed.") { options.Pack, rows, statistics, name, options.Store };
        command.SetAction((parsed, cancellationToken) => options.Run(
            parsed,
            (tables, pack) => tables.Import(pack, parsed.GetRequiredValue(name), parsed.GetRequiredValue(rows).FullName, parsed.GetRequiredValue(statistics).FullName, cancellationToken),
            cancellationToken));
        return command;
    }

    private static int? LastLayer(string text) => text switch
    {
        "all" => null,
        "published" => DirectionTableSpec.PublishedLastLayer,
        _ => int.Parse(text, System.Globalization.CultureInfo.InvariantCulture),
    };

    private sealed class TableOptions
    {
        public Option<string> Pack { get; } = new("--pack") { Description = "The pack: a folder, one that ships with the program, or one of the store by name or digest.", Required = true };

        public Option<string?> Table { get; } = CommonOptions.Text("--table", "Name or digest of the table; the pack's newest by default.");

        public Option<string> Store { get; } = CommonOptions.Store();

        public Task<int> Run(ParseResult parsed, Func<TableCatalogue, PackPlace, Task> run, CancellationToken cancellationToken) => InputErrors.Report(async () =>
        {
            string location = parsed.GetRequiredValue(Store);
            PackPlace pack = await PackPlace.Find(parsed.GetRequiredValue(Pack), location, cancellationToken);
            using IArtifactStore artifacts = ArtifactStores.Open(location);
            await run(new TableCatalogue(artifacts, TimeProvider.System), pack);
        });
    }
}
