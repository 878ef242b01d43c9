using Campaigns.Calls;
using Campaigns.Grains;
using Campaigns.Silo.Supervision;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Calls;

/// <summary>
/// Says in one statement that the conversations of this process are alive; while it does, nobody else concludes them. It also ends inbound
/// calls whose process said so no more; outbound ones are the rescuer's, who asks the carrier.
/// </summary>
public sealed class ConversationHeartbeat(
    ILocalCalls lines, ICallStore calls, CallOwner owner, IOptions<DriveOptions> options, TimeProvider clock,
    ILogger<ConversationHeartbeat> logger) : PeriodicService(options.Value.Timings.ConversationLease / 4, clock, logger)
{
    private readonly TimeSpan _lease = options.Value.Timings.ConversationLease;
    private readonly TimeProvider _clock = clock;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var live = lines.Live;
        if (live.Count > 0)
        {
            await calls.RenewAsync(owner.Name, live, now + _lease, cancellationToken);
        }

        await calls.EndLapsedInboundAsync(now, cancellationToken);
    }
}
