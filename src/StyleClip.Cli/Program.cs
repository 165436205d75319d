using System.CommandLine;
using StyleClip.Cli.Commands;

var root = new RootCommand("Trains StyleCLIP edits.")
{
    RunCommand.Create(),
    CompareCommand.Create(),
    NodeCommand.Create(),
    GatewayCommand.Create(),
    KeyCommand.Create(),
    SweepCommand.Create(),
    JobCommand.Create(),
    PackCommand.Create(),
    MapperCommand.Create(),
    OptimizeCommand.Create(),
    DirectionsCommand.Create(),
    InvertCommand.Create(),
    LatentsCommand.Create(),
};

// Commands decide what a termination signal means: `run` pauses.
return await root.Parse(args).InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = null });
