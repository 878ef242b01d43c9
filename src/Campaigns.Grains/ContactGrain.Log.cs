using Campaigns.Stores;
using Microsoft.Extensions.Logging;

namespace Campaigns.Grains;

public sealed partial class ContactGrain
{
    [LoggerMessage(1101, LogLevel.Debug, "Contact {Contact}, attempt {Attempt}: not dialled, {Reason}")]
    private partial void LogNotOpened(Guid contact, int attempt, OpenSessionResult reason);

    [LoggerMessage(1102, LogLevel.Debug, "Contact {Contact}, attempt {Attempt}: carrier answered {Result}")]
    private partial void LogPlaced(Guid contact, int attempt, string result);

    [LoggerMessage(1103, LogLevel.Debug, "Contact {Contact}: {From} to {To}, outcome {Outcome}")]
    private partial void LogMoved(Guid contact, ContactStatus from, ContactStatus to, CallOutcome? outcome);

    [LoggerMessage(1104, LogLevel.Debug, "Contact {Contact}: report without effect, {Reason}")]
    private partial void LogIgnored(Guid contact, string reason);

    [LoggerMessage(1105, LogLevel.Warning, "Contact {Contact}: report refused, {Reason}")]
    private partial void LogRefused(Guid contact, string reason);

    [LoggerMessage(1106, LogLevel.Information, "Contact {Contact}, attempt {Attempt}: its slot passed {Late} ago; the claim is given back")]
    private partial void LogLate(Guid contact, int attempt, TimeSpan late);
}
