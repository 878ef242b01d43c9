using Campaigns.Stores;

namespace Campaigns.Domain.Contacts;

/// <summary>What an event does to a contact.</summary>
public abstract record ContactDecision
{
    private ContactDecision()
    {
    }

    /// <summary>The contact, its session or both change.</summary>
    /// <param name="Change">What is to be written.</param>
    public sealed record Apply(ContactChange Change) : ContactDecision;

    /// <summary>A repeat, late or foreign event: rightly without effect.</summary>
    /// <param name="Why">For logs.</param>
    public sealed record Ignore(string Why) : ContactDecision;

    /// <summary>Not legal here; nothing changes.</summary>
    /// <param name="Why">For operators; names the statuses concerned.</param>
    public sealed record Refuse(string Why) : ContactDecision;
}
