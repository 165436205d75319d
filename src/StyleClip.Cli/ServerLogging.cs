using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace StyleClip.Cli;

/// <summary>The log of programs that serve: lines on standard error.</summary>
internal static class ServerLogging
{
    public static void Add(ILoggingBuilder logging, bool isVerbose)
    {
        logging.ClearProviders();
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
            console.UseUtcTimestamp = true;
        });
        logging.Services.Configure<ConsoleLoggerOptions>(console => console.LogToStandardErrorThreshold = LogLevel.Trace);
        logging.SetMinimumLevel(LogLevel.Information);
        if (isVerbose) return;
        logging.AddFilter(level => level >= LogLevel.Warning);
        logging.AddFilter("StyleClip", LogLevel.Information);
        logging.AddFilter("StyleClip.Gateway.Security.ApiKeyHandler", LogLevel.Warning); // its base class tells of every 401
        // A node that dies makes every connection to it complain: one voice is enough.
        logging.AddFilter("Orleans", LogLevel.Error);
        logging.AddFilter("Orleans.Runtime.MembershipService", LogLevel.Warning);
    }
}
