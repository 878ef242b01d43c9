using System.Diagnostics;
using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Exotel;
using Campaigns.Grains;
using Campaigns.Stores;
using Campaigns.Telemetry;
using Microsoft.Extensions.Options;
using Orleans;

namespace Campaigns.Silo.Calls;

/// <summary>Brings a media leg to its session's grain, which activates on this silo because its call comes from here.</summary>
public sealed class GrainMediaCalls(
    LocalCalls lines, ICallStore calls, IGrainFactory grains, CallOwner owner, IOptions<DriveOptions> options, TimeProvider clock) : IMediaCalls
{
    /// <inheritdoc/>
    public Task<string?> RunAsync(Guid sessionId, IMediaLeg leg, CancellationToken cancellationToken)
        => RunAsync(sessionId, CallDirection.Outbound, leg, cancellationToken);

    /// <inheritdoc/>
    public async Task<string?> RunInboundAsync(Guid agentId, IMediaLeg leg, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(leg);
        if (!ExotelPhone.TryParse(leg.Start.From, out var phone))
        {
            return "the caller's number is withheld or no phone number";
        }

        var now = clock.GetUtcNow();
        var session = await calls.BeginInboundAsync(
            new BeginInbound(
                agentId, phone, owner.Name, now, now + options.Value.Timings.ConversationLease, leg.Start.CallSid, leg.Start.StreamSid),
            cancellationToken);
        if (session is { } known)
        {
            // The socket's span is older than the session, and in another trace.
            Activity.Current?.AddLink(new ActivityLink(SessionTrace.RootOf(known))).SetTag(SessionTrace.SessionId, known.ToString());
        }

        return session is { } id
            ? await RunAsync(id, CallDirection.Inbound, leg, cancellationToken)
            : "the caller has another live call, or the agent is gone";
    }

    private Task<string?> RunAsync(Guid sessionId, CallDirection direction, IMediaLeg leg, CancellationToken cancellationToken)
        => lines.RunAsync(
            sessionId, leg, stopping => grains.GetGrain<ICallSessionGrain>(sessionId).BeginAsync(direction, stopping), cancellationToken);
}
