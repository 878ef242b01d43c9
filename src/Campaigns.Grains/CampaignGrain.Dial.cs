using Campaigns.Stores;

namespace Campaigns.Grains;

// What becomes of a claim: a dial, or it goes back.
public sealed partial class CampaignGrain
{
    private async Task DialAsync(DialOrder order)
    {
        try
        {
            if (!await _slots.ComesAsync(order, clock, () => LeaveAsync(order), work.Draining))
            {
                return;
            }

            var contact = GrainFactory.GetGrain<IContactGrain>(order.CampaignContactId);
            var result = await contact.DialAsync(order, CancellationToken.None);
            for (var more = MostAsksHere; result == DialResult.Elsewhere && more > 0 && !work.IsDraining; more--)
            {
                result = await ActivateHere.CallAsync(silo, () => contact.DialAsync(order, CancellationToken.None));
            }

            switch (result)
            {
                case DialResult.CarrierUnavailable:
                    await campaigns.ApplyAsync(
                        Id, CampaignCommand.Pause, "The carrier refuses the account: check credentials, permissions and balance.",
                        clock.GetUtcNow(), CancellationToken.None);
                    break;
                case DialResult.Elsewhere:
                    await LeaveAsync(order);
                    break;
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // Nobody knows how far the dial got. If it passed its gate the rescuer settles it; if not, the claim is free again.
            LogDialFailed(error, order.CampaignContactId, order.Attempt);
            await GiveBackAsync(order);
        }
    }

    /// <summary>The claim is left to whoever drives next.</summary>
    private Task<bool> LeaveAsync(DialOrder order)
    {
        var now = clock.GetUtcNow();
        return contacts.ReleaseClaimAsync(order.CampaignContactId, order.TaskId, now, "silo_draining", now, CancellationToken.None);
    }

    private async Task GiveBackAsync(DialOrder order)
    {
        try
        {
            var now = clock.GetUtcNow();
            await contacts.ReleaseClaimAsync(
                order.CampaignContactId, order.TaskId, now + _options.Timings.ReleaseDelay, "dial_failed", now, CancellationToken.None);
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            // The rescuer's sweep of stale claims is behind this.
            LogDialFailed(error, order.CampaignContactId, order.Attempt);
        }
    }
}
