using System.Collections.Concurrent;
using System.Text.Json;
using Npgsql;

namespace Campaigns.Postgres.Campaigns;

/// <summary>
/// The settings of started campaigns, without their audience. They are frozen at start, and a pasted audience can be megabytes, so they
/// are read once in a process and not with every claim and callback.
/// </summary>
public sealed class FrozenSpecs(NpgsqlDataSource database)
{
    private const int Capacity = 10_000;
    private readonly ConcurrentDictionary<Guid, CampaignSpec> _specs = new();

    /// <summary>The frozen settings of a started campaign.</summary>
    /// <exception cref="InvalidOperationException">There is no such campaign, or it has not been started.</exception>
    public async ValueTask<CampaignSpec> GetAsync(Guid campaignId, CancellationToken cancellationToken)
    {
        if (_specs.TryGetValue(campaignId, out var known))
        {
            return known;
        }

        await using var command = database.CreateCommand("SELECT spec FROM campaigns WHERE id = $1 AND frozen_at IS NOT NULL");
        command.Add(campaignId);
        if (await command.ExecuteScalarAsync(cancellationToken) is not string json)
        {
            throw new InvalidOperationException($"Campaign {campaignId} does not exist or has not been started.");
        }

        var spec = CampaignSpecJson.Read(json) with { Audience = new AudienceSpec() };
        if (_specs.Count >= Capacity)
        {
            _specs.Clear();
        }

        _specs[campaignId] = spec;
        return spec;
    }

    /// <summary>Reads an organization's default window, stored as the same JSON as a campaign's.</summary>
    internal static CallingWindow? ReadWindow(string? json)
        => json is null ? null : JsonSerializer.Deserialize<CallingWindow>(json, CampaignSpecJson.Options);
}
