using Campaigns.Domain.Calls;

namespace Campaigns.Grains;

/// <summary>How conversations are concluded. Bound from <c>Campaigns:Conversation</c>.</summary>
public sealed class ConversationOptions
{
    /// <summary>
    /// True where the carrier's flow goes on to a person when the stream is closed, so that closing it transfers the call. Default false: who
    /// asks for a person is recorded, and told that they will be called back.
    /// </summary>
    public bool TransferByHangUp { get; set; }

    /// <summary>Prices of the live model, by which a call's cost is estimated.</summary>
    public UsageRates Rates { get; set; } = new();
}
