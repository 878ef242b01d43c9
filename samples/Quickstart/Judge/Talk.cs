using Campaigns;
using CarrierSimulator;
using Quickstart.Operate;

namespace Quickstart.Judge;

/// <summary>What a conversation with the person at a number must come to.</summary>
/// <param name="Outcome">The outcome of the attempt.</param>
/// <param name="Disposition">The campaign's own word for the result; null for none.</param>
/// <param name="WantsCallback">They are promised another call.</param>
/// <param name="OptsOut">They ask not to be called again.</param>
internal sealed record Talk(CallOutcome Outcome, string? Disposition = null, bool WantsCallback = false, bool OptsOut = false)
{
    private static readonly string[] SentFields = ["years"];

    /// <summary>By the two digits before the last two: the rows of the carrier simulator's people, and what the simulated agent makes of them.</summary>
    public static Talk With(string number, CampaignView campaign) => People.RowFor(number).Name switch
    {
        "brief" => new(CallOutcome.Completed, Recorded("not_interested", campaign, [])),
        "silent" => new(CallOutcome.NoSpeech),
        "hangs up in mid-sentence" => new(CallOutcome.Completed),
        "wants a callback" => new(CallOutcome.Completed, WantsCallback: true),
        "opts out" => new(CallOutcome.Completed, OptsOut: true),
        "voicemail" or "long monologue" or "voicemail in Hindi" or "voicemail in Hinglish" => new(CallOutcome.Machine),
        "call screener" when campaign.Voice.Screener == ScreenerPolicy.HangUp => new(CallOutcome.Machine),
        _ => new(CallOutcome.Completed, Recorded("interested", campaign, SentFields)),
    };

    // A campaign takes its own words only, and none without the fields that it requires.
    private static string? Recorded(string code, CampaignView campaign, string[] sent)
    {
        if (campaign.Dispositions.Count == 0)
        {
            return code;
        }

        var spec = campaign.Dispositions.FirstOrDefault(d => d.Code == code);
        return spec is not null && spec.Fields.All(f => !f.Required || sent.Contains(f.Name, StringComparer.Ordinal)) ? code : null;
    }
}
