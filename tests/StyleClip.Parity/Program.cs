using StyleClip.Parity;

return ParityProgram.Run(args, Console.Out);
