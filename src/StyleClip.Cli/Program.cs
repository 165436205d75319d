System.Console.WriteLine("styleclip");
