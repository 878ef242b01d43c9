using System.Text.Json;
using System.Text.Json.Nodes;
using Campaigns.Domain.Tools;
using Campaigns.Stores;

namespace Campaigns.Api.Endpoints;

/// <summary>Headers of an agent's own tools hold keys of other systems: whoever may read the agent may not read them.</summary>
internal static class AgentSecrets
{
    private const string Hidden = "(hidden)";

    internal static AgentRecord Hide(AgentRecord agent)
    {
        if (!agent.Settings.TryGetValue(AgentHttpTool.SettingsKey, out var tools) || JsonNode.Parse(tools.GetRawText()) is not JsonArray list)
        {
            return agent;
        }

        foreach (var headers in list.OfType<JsonObject>().Select(tool => tool["headers"]).OfType<JsonObject>())
        {
            foreach (var (name, _) in headers.ToList())
            {
                headers[name] = Hidden;
            }
        }

        return agent with { Settings = agent.Settings.SetItem(AgentHttpTool.SettingsKey, JsonSerializer.SerializeToElement(list)) };
    }
}
