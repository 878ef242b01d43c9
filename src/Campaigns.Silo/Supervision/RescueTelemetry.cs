using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace Campaigns.Silo.Supervision;

/// <summary>Traces and measures of the rescuer. Tags take one of a few values.</summary>
internal static class RescueTelemetry
{
    /// <summary>Name of the activity source and the meter.</summary>
    public const string Name = "Campaigns.Rescue";

    public static readonly ActivitySource Activities = new(Name);

    private static readonly Meter Meter = new(Name);

    private static readonly Counter<long> Rescues = Meter.CreateCounter<long>(
        "campaigns.rescues", "{call}", "Calls that nobody else had settled, and claims that were no dials in time, by what became of them.");

    /// <summary>What became of calls or claims that the rescuer looked at.</summary>
    /// <param name="result">
    /// <c>told</c>: the carrier's word went to the contact; <c>given_up</c>: settled at its deadline; <c>left</c>: the carrier could not be
    /// asked, or knows nothing yet; <c>failed</c>; <c>claim_returned</c>.
    /// </param>
    /// <param name="count">How many.</param>
    public static void OnRescue(string result, int count = 1)
    {
        if (count > 0)
        {
            Rescues.Add(count, new KeyValuePair<string, object?>("result", result));
        }
    }
}
