using Campaigns;
using Campaigns.Stores;

namespace Quickstart.Operate;

/// <summary>When a campaign has nothing left to do but to keep its promises.</summary>
internal static class PromisedCallbacks
{
    /// <summary>A callback that is due sooner is waited for; one on another day would keep a run open until then.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    /// <summary>Whether somebody waits for a call that they were promised: after a conversation there is no other reason to wait.</summary>
    public static bool IsOne(CampaignContactDetails contact) =>
        contact.Status == ContactStatus.Pending && contact.Outcome == CallOutcome.Completed.ToText();

    /// <summary>Whether nobody is on the line, and everybody who waits was promised a call later than the patience lasts.</summary>
    public static async Task<bool> AreAllThatIsLeftAsync(ApiClient api, CampaignOverview now, CancellationToken cancellationToken)
    {
        if (now.Status != CampaignStatus.Running
            || now.Funnel is not { InFlight: 0, Pending: > 0 }
            || now.SecondsUntilDue is not { } seconds
            || seconds < Patience.TotalSeconds)
        {
            return false;
        }

        var waiting = await api.ListAsync<CampaignContactDetails>($"campaigns/{now.Id}/contacts?status={ContactStatus.Pending.ToText()}", cancellationToken);
        return waiting.Count == now.Funnel.Pending && waiting.TrueForAll(IsOne);
    }
}
