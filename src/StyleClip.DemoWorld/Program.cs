using System.CommandLine;
using StyleClip.DemoWorld.Captions;
using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.Measuring;
using StyleClip.DemoWorld.Pictures;
using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.World;

NativeMemory.KeepFreedBuffers();
TorchSharp.torch.set_num_threads(1); // one order of additions, whatever the machine

string[] stages = ["generator", "clip", "identity", "attributes", "pack", "evaluate"];
var seed = new Option<long>("--seed") { DefaultValueFactory = _ => 1, Description = "Fixes the world and every training." };
var work = new Option<string>("--work") { DefaultValueFactory = _ => "artifacts/demo-world", Description = "Where stages leave their results." };
var pack = new Option<string>("--out") { DefaultValueFactory = _ => "configs/packs/demo", Description = "The pack's directory." };
var strips = new Option<string>("--strips") { DefaultValueFactory = _ => "docs/images/strips", Description = "Where before/after strips go." };
var effort = new Option<double>("--effort") { DefaultValueFactory = _ => 1, Description = "Factor on the steps of every training." };
var steps = new Option<int>("--steps") { DefaultValueFactory = _ => 300, Description = "Steps per mapper of the evaluation." };
var only = new Option<string[]>("--prompt") { Description = "Evaluate these prompts alone." };
var stage = new Option<string[]>("--stage") { AllowMultipleArgumentsPerToken = true, DefaultValueFactory = _ => stages, Description = "The stages to run, in this order." };
stage.AcceptOnlyFromAmong(stages);

var build = new Command("build", "Draws the world, trains the networks and writes the pack.") { seed, work, pack, strips, effort, steps, only, stage };
build.SetAction(result => Run(result, result.GetValue(stage)!));
var evaluate = new Command("evaluate", "Trains and measures a mapper for each prompt of the quality check.") { seed, work, pack, strips, steps, only };
evaluate.SetAction(result => Run(result, ["evaluate"]));
var file = new Argument<string>("file");
var sheet = new Command("sheet", "Draws faces of the world, and below each what the pack's generator makes of the same z, as PNG.") { seed, pack, file };
sheet.SetAction(result => FaceSheet.Draw(new FaceWorld(result.GetValue(seed), 64), result.GetValue(pack)!, result.GetValue(file)!));
var first = new Option<int>("--first") { Description = "Number of the first face." };
var count = new Option<int>("--count") { DefaultValueFactory = _ => 48, Description = "How many faces; captions that come again are left out." };
var captions = new Command("captions", "Writes true captions of faces, one a line: prompts that the generator draws.") { seed, first, count };
captions.SetAction(result => CaptionList.Write(new FaceWorld(result.GetValue(seed), 64), result.GetValue(first), result.GetValue(count), Console.Out));
return new RootCommand("Makes the demo pack.") { build, evaluate, sheet, captions }.Parse(args).Invoke();

int Run(ParseResult result, string[] chosen)
{
    var options = new BuildOptions { Seed = result.GetValue(seed), WorkDirectory = result.GetValue(work)!, Effort = result.GetValue(effort) };
    Directory.CreateDirectory(options.WorkDirectory);
    var world = new FaceWorld(options.Seed, options.Size);
    bool good = true;
    foreach (string name in chosen)
    {
        switch (name)
        {
            case "generator": new GeneratorStage(options, world).Run(); break;
            case "clip": new ClipStage(options, world).Run(); break;
            case "identity": new IdentityStage(options, world).Run(); break;
            case "attributes": new AttributeStage(options, world).Run(); break;
            case "pack": new PackStage(options, world).Run(result.GetValue(pack)!); break;
            case "evaluate": good = new EvaluateStage(world).Run(result.GetValue(pack)!, result.GetValue(strips), Prompts(result), result.GetValue(steps)); break;
        }
    }
    return good ? 0 : 1;
}

IEnumerable<EditPrompt> Prompts(ParseResult result) =>
    result.GetValue(only) is { Length: > 0 } wanted ? EditPrompt.All.Where(prompt => wanted.Contains(prompt.Text)) : EditPrompt.All;
