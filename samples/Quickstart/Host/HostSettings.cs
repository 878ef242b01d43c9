using System.Globalization;
using Quickstart.Folder;

namespace Quickstart.Host;

/// <summary>
/// The product's configuration for a run: the same keys that a real installation sets. The addresses are those of the
/// simulators, and the waits for calls are as much shorter as the simulated phones are faster to ring. People talk in real time.
/// </summary>
internal static class HostSettings
{
    public static Dictionary<string, string?> For(
        RunState state, string connectionString, Uri model, string recordingFolder, double speed) => new(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = connectionString,
            ["Campaigns:Cluster:Membership"] = "Alone",

            ["Campaigns:Bootstrap:Slug"] = Account.Slug,
            ["Campaigns:Bootstrap:Name"] = "Demo",
            ["Campaigns:Bootstrap:ApiKey"] = state.ApiKey,

            ["Campaigns:Exotel:BaseAddress"] = $"http://127.0.0.1:{state.CarrierPort}/",
            ["Campaigns:Exotel:PublicBaseAddress"] = $"http://127.0.0.1:{state.Port}/",
            ["Campaigns:Exotel:MediaBaseAddress"] = $"ws://127.0.0.1:{state.Port}/",
            ["Campaigns:Exotel:AccountSid"] = Account.Sid,
            ["Campaigns:Exotel:ApiKey"] = Account.Key,
            ["Campaigns:Exotel:ApiToken"] = Account.Token,
            ["Campaigns:Exotel:CallerId"] = Account.CallerId,

            // The simulated carrier counts look-ups apart from dials. Of the real one nobody knows, so the product's default is the other.
            ["Campaigns:Exotel:LookUpsShareLimit"] = "false",
            ["Campaigns:Exotel:SendTimeout"] = Faster(10, speed, least: 3),

            ["Campaigns:Gemini:BaseAddress"] = model.ToString(),
            ["Campaigns:Gemini:Model"] = "gemini-3.1-flash-live-preview",
            ["Campaigns:Gemini:ApiKey"] = "key",
            ["Campaigns:Gemini:ExtractionModel"] = "gemini-3.1-flash-lite",

            ["Campaigns:Calls:RecordingFolder"] = recordingFolder,

            // Everybody runs on one machine here: what is sent a little further ahead is not late when it is busy.
            ["Campaigns:Calls:Lead"] = "00:00:00.500",
            ["Campaigns:Extraction:Period"] = Faster(2, speed, least: 1),

            // A host that was killed is missed as soon as its lease runs out.
            ["Campaigns:Drive:LeaseDuration"] = Faster(10, speed, least: 4),
            ["Campaigns:Drive:SupervisorPeriod"] = Faster(2, speed, least: 1),
            ["Campaigns:Drive:RescuePeriod"] = Faster(2, speed, least: 1),

            // A kill drops up to all live calls at once, which the product's defaults take for a reason to pause and ask an operator. Here it is
            // what people are invited to try, again and again.
            ["Campaigns:Drive:Breaker:Window"] = "100",
            ["Campaigns:Drive:Breaker:MinimumSamples"] = "60",
            ["Campaigns:Drive:Breaker:FailureShare"] = "0.9",
            ["Campaigns:Drive:Timings:SendTimeout"] = Faster(10, speed, least: 3),
            ["Campaigns:Drive:Timings:DialingCheckAfter"] = Faster(15, speed, least: 6),
            ["Campaigns:Drive:Timings:RingCheckAfter"] = Faster(45, speed, least: 3),
            ["Campaigns:Drive:Timings:CheckEvery"] = Faster(30, speed, least: 2),
            ["Campaigns:Drive:Timings:ConversationLease"] = Faster(10, speed, least: 5),
            ["Campaigns:Drive:Timings:UnknownCheckAfter"] = Faster(5, speed, least: 1),
            ["Campaigns:Drive:Timings:UnknownDeadline"] = Faster(300, speed, least: 15),
        };

    /// <summary>A wait of the product's default seconds, divided by the speed, but not below what two cores need for a request.</summary>
    private static string Faster(double seconds, double speed, double least) =>
        TimeSpan.FromSeconds(Math.Max(Math.Min(least, seconds), seconds / Math.Max(1, speed))).ToString("c", CultureInfo.InvariantCulture);
}
