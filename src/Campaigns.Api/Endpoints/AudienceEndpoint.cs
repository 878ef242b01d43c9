using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Domain.Validation;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/audience-preview</c>: whom a campaign would call.</summary>
internal static class AudienceEndpoint
{
    internal static void Map(RouteGroupBuilder organization)
        => organization.MapPost("/audience-preview", PreviewAsync)
            .WithTags("Campaigns")
            .WithSummary("Count and sample an audience, and tell who would be skipped and why");

    private static async Task<Results<Ok<AudiencePreview>, ProblemHttpResult>> PreviewAsync(
        Caller caller, Body<AudienceRequest> body, IAudienceStore audiences, CancellationToken cancellationToken)
    {
        // The audience's rules are part of the campaign's: judge it inside one that is otherwise in order.
        var errors = new Errors();
        errors.AddAll(CampaignSpecValidator.Validate(
            new CampaignSpec { Name = "preview", AgentId = caller.OrganizationId, Audience = body.Value.Audience }));
        return errors.Refusal is { } refusal
            ? refusal
            : TypedResults.Ok(await audiences.PreviewAsync(
                caller.Organization, body.Value.Audience, body.Value.RequiresConsent, cancellationToken));
    }
}

/// <summary>An audience to be looked at.</summary>
internal sealed record AudienceRequest
{
    /// <summary>Who is meant.</summary>
    public required AudienceSpec Audience { get; init; }

    /// <summary>Whether the campaign calls only those who granted consent.</summary>
    public bool RequiresConsent { get; init; }
}
