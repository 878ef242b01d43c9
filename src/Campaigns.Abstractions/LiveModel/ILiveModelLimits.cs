namespace Campaigns.LiveModel;

/// <summary>What the live model's quota allows, shared by every host through the store.</summary>
public interface ILiveModelLimits
{
    /// <summary>
    /// Tells that a session was refused for want of quota: as many calls as seven tenths of those that are live may be from now on, and
    /// gradually more again. Many refusals within seconds are one.
    /// </summary>
    Task ReportExhaustedAsync(CancellationToken cancellationToken);
}
