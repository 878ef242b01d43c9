namespace Campaigns.Api;

/// <summary>What the start-up log says.</summary>
internal static partial class Startup
{
    [LoggerMessage(3001, LogLevel.Information, "Orleans engine {Engine}, version {Version}")]
    internal static partial void LogEngine(ILogger logger, string engine, string version);
}
