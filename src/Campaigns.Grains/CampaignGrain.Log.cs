using Campaigns.Stores;
using Microsoft.Extensions.Logging;

namespace Campaigns.Grains;

public sealed partial class CampaignGrain
{
    [LoggerMessage(1001, LogLevel.Information, "Campaign {Campaign}: {Command} {Result}, now {Status}")]
    private partial void LogCommand(Guid campaign, CampaignCommand command, CommandResultKind result, CampaignStatus status);

    [LoggerMessage(1002, LogLevel.Information, "Campaign {Campaign} driven here under epoch {Epoch}; {Freed} stranded claims given back")]
    private partial void LogDriving(Guid campaign, long epoch, int freed);

    [LoggerMessage(1003, LogLevel.Information, "Campaign {Campaign} no longer driven here under epoch {Epoch}: {Reason}")]
    private partial void LogStopped(Guid campaign, long epoch, ClaimResultKind reason);

    [LoggerMessage(1004, LogLevel.Warning, "Dial of contact {Contact}, attempt {Attempt}, ended in an error")]
    private partial void LogDialFailed(Exception error, Guid contact, int attempt);

    [LoggerMessage(1006, LogLevel.Information, "Campaign {Campaign} handed over, which was driven here under epoch {Epoch}")]
    private partial void LogHandedOver(Guid campaign, long epoch);

    [LoggerMessage(1005, LogLevel.Warning, "Campaign {Campaign}: {Failures} of the last {Samples} calls failed; pausing it")]
    private partial void LogTripped(Guid campaign, int failures, int samples);
}
