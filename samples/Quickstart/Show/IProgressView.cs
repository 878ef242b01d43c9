using Campaigns.Stores;

namespace Quickstart.Show;

/// <summary>Shows a campaign while it is watched.</summary>
internal interface IProgressView
{
    /// <summary>Runs the watching, which hands over each overview as it comes.</summary>
    Task RunAsync(Func<Action<CampaignOverview>, Task> watch);
}
