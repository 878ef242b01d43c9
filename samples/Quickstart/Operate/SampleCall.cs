using System.Net;
using Campaigns;
using Campaigns.Stores;

namespace Quickstart.Operate;

/// <summary>One conversation to be shown: the longest that came to a result.</summary>
/// <param name="Name">Who was called.</param>
/// <param name="Call">The call.</param>
/// <param name="Turns">What was said.</param>
/// <param name="Digest">What the call came to in a sentence; null when it has not been distilled yet.</param>
internal sealed record SampleCall(string Name, SessionDetails Call, IReadOnlyList<TurnDetails> Turns, string? Digest)
{
    /// <returns>Null when no conversation came to a result.</returns>
    public static async Task<SampleCall?> ChooseAsync(
        ApiClient api, IReadOnlyList<CampaignContactDetails> contacts, IReadOnlyList<SessionDetails> sessions, CancellationToken cancellationToken)
    {
        var call = sessions
            .Where(s => s is { Outcome: CallOutcome.Completed, Disposition: not null, HasRecording: true, Conversation.EndedAt: not null })
            .OrderByDescending(s => s.Conversation!.EndedAt - s.Conversation.BegunAt)
            .FirstOrDefault();
        if (call is null)
        {
            return null;
        }

        var turns = await api.ListAsync<TurnDetails>($"sessions/{call.Id}/turns", cancellationToken);
        var name = contacts.FirstOrDefault(c => c.Id == call.CampaignContactId)?.Name ?? call.Phone;
        return new SampleCall(name, call, turns, await DigestAsync(api, call.Id, cancellationToken));
    }

    private static async Task<string?> DigestAsync(ApiClient api, Guid id, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.GetAsync<DigestDetails>($"sessions/{id}/digest", cancellationToken)).Summary;
        }
        catch (ApiException error) when (error.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
