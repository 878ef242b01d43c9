using Campaigns;
using Campaigns.Stores;
using Quickstart.Show;

namespace Quickstart.Operate;

/// <summary>Looks at a campaign until it is over, or has nothing left but callbacks that it promised for later.</summary>
internal sealed class Watch(ApiClient api, IProgressView view)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(300);

    /// <param name="campaign">The campaign.</param>
    /// <param name="stopAtPause">Whether a pause ends the watching as well: nobody is there to resume.</param>
    /// <param name="cancellationToken">Ends the watching.</param>
    /// <returns>The last overview.</returns>
    public async Task<CampaignOverview> UntilOverAsync(CampaignView campaign, bool stopAtPause, CancellationToken cancellationToken)
    {
        CampaignOverview? last = null;
        await view.RunAsync(async show =>
        {
            using var timer = new PeriodicTimer(Look);
            do
            {
                last = await api.GetAsync<CampaignOverview>($"campaigns/{campaign.Id}/overview", cancellationToken);
                show(last);
            }
            while (!IsOver(last.Status, stopAtPause)
                && !await PromisedCallbacks.AreAllThatIsLeftAsync(api, last, cancellationToken)
                && await timer.WaitForNextTickAsync(cancellationToken));
        });
        return last!;
    }

    private static bool IsOver(CampaignStatus status, bool stopAtPause) =>
        status is CampaignStatus.Completed or CampaignStatus.Cancelled || (stopAtPause && status == CampaignStatus.Paused);
}
