using System.CommandLine;
using StyleClip.Cli.Commands;

var root = new RootCommand("Trains StyleCLIP edits.")
{
    RunCommand.Create(),
};

return await root.Parse(args).InvokeAsync();
