using Campaigns.Grains;

namespace Campaigns.Carrier;

/// <summary>Where a carrier's news about a call goes: the contact it is about.</summary>
public interface ICarrierReports
{
    /// <summary>
    /// Hands over one report. When it returns, the report is durable or was rightly ignored, and the carrier may be told so.
    /// </summary>
    /// <param name="campaignContactId">The snapshot contact whose session the report is about.</param>
    /// <param name="report">The news, its session already authenticated.</param>
    /// <param name="cancellationToken">Gives up waiting; the report may or may not have been recorded, so the carrier must send it
    /// again.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="Exception">Any failure: nothing may have been recorded, and the carrier must send it again.</exception>
    Task<ReportResult> DeliverAsync(Guid campaignContactId, CarrierReport report, CancellationToken cancellationToken);
}
