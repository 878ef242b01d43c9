using System.Diagnostics;
using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Domain.Calls;
using Campaigns.LiveModel;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Placement;

namespace Campaigns.Grains;

/// <summary>
/// One call. It activates on the silo that holds the call's media stream. Whatever it is told is durable when it answers; what it keeps in memory
/// can be read again, so that an activation that is lost in mid-call loses nothing.
/// </summary>
[PreferLocalPlacement, Immovable]
public sealed partial class CallSessionGrain(
    ICallStore calls,
    ILocalCalls lines,
    ICallPlanner planner,
    IAgentHttpTools http,
    CallOwner owner,
    IOptions<DriveOptions> options,
    IOptions<ConversationOptions> conversation,
    TimeProvider clock,
    IHostApplicationLifetime lifetime,
    ILoggerFactory loggers) : Grain, ICallSessionGrain
{
    // Longer than any call: outgoing sound does not keep a grain alive, and a grain that is collected in mid-call costs a load at the next event.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromMinutes(70);

    private readonly ILogger<CallSessionGrain> logger = loggers.CreateLogger<CallSessionGrain>();
    private CallBrief? _brief;
    private bool _optedOut;
    private bool _dispositionRecorded;
    private bool _callbackPromised;

    private Guid Session => this.GetPrimaryKey();

    /// <inheritdoc/>
    public async Task<string?> BeginAsync(CallDirection direction, CancellationToken cancellationToken)
    {
        if (lines.Take(Session) is not { } line)
        {
            return "no media stream of this call waits here";
        }

        var now = clock.GetUtcNow();
        if (direction == CallDirection.Outbound)
        {
            var begun = await calls.BeginAsync(
                new BeginConversation(
                    Session, owner.Name, now, now + options.Value.Timings.ConversationLease, line.Start.CallSid, line.Start.StreamSid,
                    now + options.Value.Timings.LongestCall),
                cancellationToken);
            if (begun != BeginResult.Begun)
            {
                LogRefused(Session, begun);
                return Refusal(begun);
            }
        }

        if (await BriefAsync() is not { } brief)
        {
            return Refusal(BeginResult.Over);
        }

        DelayDeactivation(KeepAlive);
        var events = new GrainCallEvents(
            this.AsReference<ICallSessionGrain>(), Session, clock, lifetime.ApplicationStopping, loggers.CreateLogger<GrainCallEvents>());
        line.Begin(planner.Plan(brief, now), events);
        if (direction == CallDirection.Outbound && brief.StartedAt is { } dialled)
        {
            DriveTelemetry.OnAnswered(now - dialled);
        }

        LogBegun(Session, brief.Direction);

        // The person can be greeted before the books are done: the news that the call was answered may come a moment later.
        await TellAnsweredAsync(brief, line.Start.CallSid, cancellationToken);
        return null;
    }

    /// <inheritdoc/>
    public Task OnTurnAsync(CallTurnMessage turn)
        => calls.AddTurnAsync(
            Session,
            new CallTurn(
                turn.Position, turn.Speaker, turn.Text, turn.StartedAt, turn.EndedAt, turn.Interrupted, turn.HeardText, turn.SpokenMilliseconds,
                turn.HeardMilliseconds),
            CancellationToken.None);

    /// <inheritdoc/>
    public async Task OnEndedAsync(CallEndMessage message)
    {
        using var activity = SessionTrace.Start(DriveTelemetry.Activities, "call conclude", ActivityKind.Internal, Session);
        try
        {
            await ConcludeAsync(message, activity);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            activity.Fail(error.GetType().Name);
            throw;
        }

        DeactivateOnIdle();
    }

    /// <inheritdoc/>
    public Task HangUpAsync(string reason)
    {
        lines.HangUp(Session, reason);
        return Task.CompletedTask;
    }

    private async Task ConcludeAsync(CallEndMessage message, Activity? activity)
    {
        var end = new CallEnd(
            message.Kind, message.Detail, message.Duration, message.FirstAudio, message.PersonSpoke, message.Machine, message.MessageLeft,
            message.RecordingFile,
            new LiveUsage(message.InputTextTokens, message.InputAudioTokens, message.OutputTextTokens, message.OutputAudioTokens),
            message.Underruns);
        var outcome = CallConclusion.Decide(end, _dispositionRecorded, _optedOut, _callbackPromised);
        var cost = UsageCost.MicroDollars(end.Usage, conversation.Value.Rates);
        var brief = await BriefAsync();
        var concluded = await calls.ConcludeAsync(
            new ConversationConclusion(Session, owner.Name, clock.GetUtcNow(), outcome, end, cost), CancellationToken.None);
        activity?.SetTag("campaigns.outcome", outcome.ToText()).SetTag("campaigns.call.end", end.Kind.ToText());
        if (concluded && brief is { CampaignContactId: null })
        {
            DriveTelemetry.OnOutcome(outcome, "inbound");
        }

        LogConcluded(Session, end.Kind, outcome, concluded);
        if (concluded && brief?.CampaignContactId is { } contact)
        {
            // If this is lost, the carrier's callback or the rescuer settles the attempt by the conclusion just written.
            await GrainFactory.GetGrain<IContactGrain>(contact).OnConversationEndedAsync(Session, CancellationToken.None);
        }
    }

    private static string Refusal(BeginResult result) => result switch
    {
        BeginResult.AlreadyBegun => "the session's secret has been used",
        BeginResult.Over => "the session is over",
        BeginResult.AnotherCall => "the stream is of another call than the session's",
        _ => "there is no such session",
    };

    private async Task TellAnsweredAsync(CallBrief brief, string sid, CancellationToken cancellationToken)
    {
        if (brief.CampaignContactId is not { } contact)
        {
            return;
        }

        try
        {
            await GrainFactory.GetGrain<IContactGrain>(contact).OnCarrierReportAsync(
                new CarrierReport(Session, CarrierReportKind.Answered, null, sid, "media"), cancellationToken);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The conversation is on record; the callback or a look-up tells the rest.
            LogNotTold(Session, error);
        }
    }

    private async Task<CallBrief?> BriefAsync() => _brief ??= await calls.LoadBriefAsync(Session, CancellationToken.None);
}
