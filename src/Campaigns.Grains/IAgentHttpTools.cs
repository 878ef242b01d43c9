using Campaigns.Domain.Tools;

namespace Campaigns.Grains;

/// <summary>Carries out an agent's own tools.</summary>
public interface IAgentHttpTools
{
    /// <summary>Calls the tool once, within its time-out. Never throws for what the other side does.</summary>
    /// <param name="tool">The tool, as validated with its agent.</param>
    /// <param name="argumentsJson">The model's arguments: a JSON object.</param>
    /// <param name="sessionId">The call, told to the tool so that it can tell repeats.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>For the model: <c>{"output":…}</c> or <c>{"error":"…"}</c>.</returns>
    Task<string> CallAsync(AgentHttpTool tool, string argumentsJson, Guid sessionId, CancellationToken cancellationToken);
}
