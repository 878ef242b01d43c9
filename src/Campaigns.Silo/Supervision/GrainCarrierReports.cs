using Campaigns.Carrier;
using Campaigns.Grains;
using Orleans;

namespace Campaigns.Silo.Supervision;

/// <summary>Hands the carrier's reports to the contact they are about.</summary>
public sealed class GrainCarrierReports(IGrainFactory grains) : ICarrierReports
{
    /// <inheritdoc/>
    public Task<ReportResult> DeliverAsync(Guid campaignContactId, CarrierReport report, CancellationToken cancellationToken)
        => grains.GetGrain<IContactGrain>(campaignContactId).OnCarrierReportAsync(report, cancellationToken);
}
