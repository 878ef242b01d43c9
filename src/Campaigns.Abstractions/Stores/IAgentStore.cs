using System.Collections.Immutable;
using System.Text.Json;

namespace Campaigns.Stores;

/// <summary>The agents of an organization: who speaks.</summary>
public interface IAgentStore
{
    /// <summary>Writes a new agent.</summary>
    Task<AgentRecord> CreateAsync(Guid organizationId, NewAgent agent, CancellationToken cancellationToken);

    /// <summary>The agent, or null when this organization has none of that id.</summary>
    Task<AgentRecord?> GetAsync(Guid organizationId, Guid agentId, CancellationToken cancellationToken);

    /// <summary>Oldest first.</summary>
    Task<Page<AgentRecord>> ListAsync(Guid organizationId, PageRequest page, CancellationToken cancellationToken);

    /// <summary>Sets the secret of the agent's inbound address; the one before opens nothing any more.</summary>
    /// <param name="organizationId">Whose.</param>
    /// <param name="agentId">The agent.</param>
    /// <param name="secretHash">SHA-256 of the secret, 32 bytes.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>False when this organization has no such agent.</returns>
    Task<bool> SetInboundSecretAsync(Guid organizationId, Guid agentId, byte[] secretHash, CancellationToken cancellationToken);
}

/// <summary>An agent to be written.</summary>
public sealed record NewAgent
{
    /// <summary>Shown to operators, 1–200 characters.</summary>
    public required string Name { get; init; }

    /// <summary>Who the agent is and how it behaves, 1–100,000 characters.</summary>
    public required string SystemPrompt { get; init; }

    /// <summary>Language tag the agent begins in.</summary>
    public string Language { get; init; } = "en-IN";

    /// <summary>Name of the voice; null for the model's own choice.</summary>
    public string? Voice { get; init; }

    /// <summary>Anything else, kept as given: a JSON object.</summary>
    public ImmutableDictionary<string, JsonElement> Settings { get; init; } = ImmutableDictionary<string, JsonElement>.Empty;
}

/// <summary>An agent as stored.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Shown to operators.</param>
/// <param name="SystemPrompt">Who the agent is.</param>
/// <param name="Language">Language tag the agent begins in.</param>
/// <param name="Voice">Name of the voice, if chosen.</param>
/// <param name="Settings">Anything else.</param>
/// <param name="CreatedAt">When it was written.</param>
public sealed record AgentRecord(
    Guid Id,
    string Name,
    string SystemPrompt,
    string Language,
    string? Voice,
    ImmutableDictionary<string, JsonElement> Settings,
    DateTimeOffset CreatedAt);
