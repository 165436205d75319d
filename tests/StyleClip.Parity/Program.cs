System.Console.WriteLine("parity");
