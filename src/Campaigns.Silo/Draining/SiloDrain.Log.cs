using Microsoft.Extensions.Logging;

namespace Campaigns.Silo.Draining;

public sealed partial class SiloDrain
{
    [LoggerMessage(2401, LogLevel.Information, "Draining: {Calls} calls, the oldest {Longest}; {Campaigns} campaigns to hand over; {Limit} at most")]
    private partial void LogBegins(int calls, TimeSpan longest, int campaigns, TimeSpan limit);

    [LoggerMessage(2402, LogLevel.Information, "Draining: {Calls} calls left, the oldest {Longest}; {Ringing} phones ring; {Left} until the limit")]
    private partial void LogLeft(int calls, TimeSpan longest, int? ringing, TimeSpan left);

    [LoggerMessage(2403, LogLevel.Information, "Drained in {Took}: no call is left")]
    private partial void LogDrained(TimeSpan took);

    [LoggerMessage(2404, LogLevel.Warning, "The limit of the drain has come: {Calls} calls are cut off, {Ringing} phones still ring")]
    private partial void LogCutOff(int calls, int? ringing);

    [LoggerMessage(2405, LogLevel.Warning, "Told again to stop: {Calls} calls are not waited for")]
    private partial void LogHurried(int calls);

    [LoggerMessage(2406, LogLevel.Warning, "Campaign {Campaign} could not be handed over; its lease runs out by itself")]
    private partial void LogNotHandedOver(Exception error, Guid campaign);

    [LoggerMessage(2407, LogLevel.Warning, "The database does not tell how many phones ring")]
    private partial void LogRingingUnknown(Exception error);

    [LoggerMessage(2408, LogLevel.Warning, "Draining: some calls did not end in time; the host's end ends them")]
    private partial void LogNotCutOff();
}
