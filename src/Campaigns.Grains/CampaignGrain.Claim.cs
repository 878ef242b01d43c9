using System.Diagnostics;
using Campaigns.Stores;
using Campaigns.Telemetry;

namespace Campaigns.Grains;

// One claim, measured and traced.
public sealed partial class CampaignGrain
{
    private async Task<ClaimResult> MeasuredClaimAsync(ClaimRequest request, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        ClaimResult? claim = null;
        try
        {
            return claim = await campaigns.ClaimAsync(request, cancellationToken);
        }
        finally
        {
            DriveTelemetry.OnClaim(Id, claim, clock.GetElapsedTime(started));
        }
    }

    // A span is made afterwards, of claims that gave something: most give nothing, and nobody looks for those.
    private void Dispatch(ClaimResult claim, DateTimeOffset began)
    {
        if (claim.Orders.IsEmpty)
        {
            return;
        }

        ActivityLink[] cause = _command == default ? [] : [new ActivityLink(_command)];
        using var activity = DriveTelemetry.Activities.StartActivity(
            "campaign claim", ActivityKind.Internal, parentContext: default, links: cause, startTime: began);
        activity?.SetTag(SessionTrace.CampaignId, Id.ToString()).SetTag("campaigns.claim.orders", claim.Orders.Length);
        foreach (var order in claim.Orders)
        {
            // Not awaited: a slow carrier must not hold up the next tick. Every way it can end is handled inside.
            _ = DialAsync(order);
        }
    }
}
