using System.Collections.Immutable;
using Campaigns.Stores;

namespace Campaigns.Api.Endpoints;

/// <summary>A campaign as answered: the members it was written with, and where it stands.</summary>
internal sealed record CampaignBody(
    Guid Id,
    CampaignStatus Status,
    string Name,
    Guid AgentId,
    Channel Channel,
    string Instructions,
    AudienceSpec Audience,
    int MaxConcurrent,
    int CallsPerMinute,
    int Weight,
    DateTimeOffset? StartAt,
    CallingWindow? CallingWindow,
    RetryPolicy Retry,
    bool RequiresConsent,
    int AttemptsPerDay,
    VoicePolicy Voice,
    ImmutableArray<DispositionSpec> Dispositions,
    int TotalCount,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? FinishedAt,
    string? PauseReason)
{
    internal static CampaignBody Of(CampaignDetails campaign)
        => new(
            campaign.Id,
            campaign.Status,
            campaign.Spec.Name,
            campaign.Spec.AgentId,
            campaign.Spec.Channel,
            campaign.Spec.Instructions,
            campaign.Spec.Audience,
            campaign.Spec.MaxConcurrent,
            campaign.Spec.CallsPerMinute,
            campaign.Spec.Weight,
            campaign.Spec.StartAt,
            campaign.Spec.CallingWindow,
            campaign.Spec.Retry,
            campaign.Spec.RequiresConsent,
            campaign.Spec.AttemptsPerDay,
            campaign.Spec.Voice,
            campaign.Spec.Dispositions,
            campaign.TotalCount,
            campaign.CreatedAt,
            campaign.StartedAt,
            campaign.FinishedAt,
            campaign.PauseReason);
}
