using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/campaigns</c>: write drafts, read campaigns.</summary>
internal static class CampaignEndpoints
{
    internal static void Map(RouteGroupBuilder organization)
    {
        var group = organization.MapGroup("/campaigns").WithTags("Campaigns");
        group.MapPost("/", CreateAsync).Requires(ApiRole.Operator).WithSummary("Write a draft");
        group.MapGet("/", ListAsync).WithSummary("List campaigns, newest first; without their lists of contact ids and numbers");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("Get a campaign");
        group.MapGet("/{id:guid}/overview", OverviewAsync).WithSummary("The campaign at this moment: funnel, outcomes, rate, in flight, its share and what holds it back");
        CampaignCommandEndpoints.Map(group);
        CampaignContactEndpoints.Map(group);
    }

    private static async Task<Results<Created<CampaignBody>, ProblemHttpResult>> CreateAsync(
        Caller caller,
        Body<CampaignSpec> body,
        ICampaignCatalog campaigns,
        IAudienceStore audiences,
        IContactDirectory contacts,
        IAuditLog audit,
        TimeProvider clock,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        await CampaignRules.CheckAsync(body.Value, caller.Organization, audiences, contacts, clock.GetUtcNow(), errors, cancellationToken);
        var campaign = errors.Any ? null : await campaigns.CreateAsync(caller.OrganizationId, body.Value, cancellationToken);
        errors.If(!errors.Any && campaign is null, "agentId", "is no agent of this organization");
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        await audit.WriteAsync(caller.Did("campaign.create", "campaign", campaign!.Id), cancellationToken);
        return TypedResults.Created($"/api/orgs/{caller.Organization.Slug}/campaigns/{campaign.Id}", CampaignBody.Of(campaign));
    }

    private static async Task<Results<Ok<CampaignBody>, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, ICampaignCatalog campaigns, CancellationToken cancellationToken)
        => await campaigns.GetAsync(caller.OrganizationId, id, cancellationToken) is { } campaign
            ? TypedResults.Ok(CampaignBody.Of(campaign))
            : Problem.NotFound();

    private static async Task<Results<Ok<PageBody<CampaignBody>>, ProblemHttpResult>> ListAsync(
        Caller caller, [AsParameters] PageQuery query, string? status, ICampaignCatalog campaigns, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        var only = errors.Choice<CampaignStatus>("status", status);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var found = await campaigns.ListAsync(caller.OrganizationId, only, page, cancellationToken);
        return TypedResults.Ok(PageBody<CampaignBody>.Of(new Page<CampaignBody>([.. found.Items.Select(CampaignBody.Of)], found.Next)));
    }

    private static async Task<Results<Ok<CampaignOverview>, ProblemHttpResult>> OverviewAsync(
        Caller caller, Guid id, ICampaignCatalog campaigns, CancellationToken cancellationToken)
        => await campaigns.GetOverviewAsync(caller.OrganizationId, id, cancellationToken) is { } overview
            ? TypedResults.Ok(overview)
            : Problem.NotFound();
}
