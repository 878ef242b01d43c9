using System.Diagnostics.Metrics;

namespace Campaigns.Postgres.Carrier;

/// <summary>Measures of the permits. Tags take one of a few values.</summary>
internal static class PermitTelemetry
{
    private static readonly Meter Meter = new("Campaigns.Permits");

    private static readonly Counter<long> BackOffs = Meter.CreateCounter<long>(
        "campaigns.permits.back_offs", "{refusal}", "Times that dialling gave way to a refusal, by who refused.");

    private static readonly Counter<long> Drifts = Meter.CreateCounter<long>(
        "campaigns.permits.drifts", "{campaign}", "Campaigns whose counts differed from their rows.");

    public static void OnBackOff(string by) => BackOffs.Add(1, new KeyValuePair<string, object?>("by", by));

    public static void OnDrift() => Drifts.Add(1);
}
