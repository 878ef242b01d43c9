namespace Campaigns.Exotel;

/// <summary>How status callbacks are taken.</summary>
public sealed class ExotelWebhookOptions
{
    /// <summary>Where the host's configuration has them.</summary>
    public const string Section = "Campaigns:Exotel:Webhooks";

    /// <summary>
    /// Callbacks that are read and written at the same time; 4,096, two seconds' worth at 2,000 a second. One more is refused with
    /// 503 and comes again, so that a database that stands still costs a bounded amount of memory. Lower it where memory is scarce: each may hold 64 kB.
    /// </summary>
    public int MaxUnderWay { get; set; } = 4_096;
}
