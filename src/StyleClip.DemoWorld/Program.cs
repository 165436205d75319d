using System.Globalization;
using StyleClip.DemoWorld.Fitting;
using StyleClip.DemoWorld.Stages;
using StyleClip.DemoWorld.World;

NativeMemory.KeepFreedBuffers();
TorchSharp.torch.set_num_threads(1);
var options = new BuildOptions { WorkDirectory = args[1], Effort = double.Parse(args[2], CultureInfo.InvariantCulture) };
Directory.CreateDirectory(options.WorkDirectory);
var world = new FaceWorld(options.Seed, options.Size);
switch (args[0])
{
    case "generator": new GeneratorStage(options, world).Run(); break;
    case "clip": new ClipStage(options, world).Run(); break;
    case "identity": new IdentityStage(options, world).Run(); break;
    case "measuring": new MeasuringStage(options, world).Run(); break;
}
