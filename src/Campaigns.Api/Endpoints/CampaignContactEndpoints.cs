using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/campaigns/{id}/contacts</c>: the frozen audience. Its rows go by their own ids, not by those of the contacts.</summary>
internal static class CampaignContactEndpoints
{
    internal static void Map(RouteGroupBuilder campaigns)
    {
        var group = campaigns.MapGroup("/{id:guid}/contacts").WithTags("Campaign contacts");
        group.MapGet("/", ListAsync).WithSummary("List the snapshot in order");
        group.MapGet("/{contactId:guid}", GetAsync).WithSummary("Get one row of the snapshot");
        group.MapGet("/{contactId:guid}/decisions", DecisionsAsync).WithSummary("Why the contact was called, skipped or deferred, oldest first");
        group.MapGet("/{contactId:guid}/sessions", SessionsAsync).WithSummary("The contact's calls, oldest first");
        DispositionEndpoint.Map(group);
    }

    private static async Task<Results<Ok<PageBody<CampaignContactDetails>>, ProblemHttpResult>> ListAsync(
        Caller caller,
        Guid id,
        [AsParameters] PageQuery query,
        string? status,
        string? search,
        ICampaignCatalog campaigns,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        var only = errors.Choice<ContactStatus>("status", status);
        var text = errors.Text("search", search);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        return await campaigns.ListContactsAsync(caller.OrganizationId, id, only, text, page, cancellationToken) is { } found
            ? TypedResults.Ok(PageBody<CampaignContactDetails>.Of(found))
            : Problem.NotFound();
    }

    private static async Task<Results<Ok<CampaignContactDetails>, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, Guid contactId, ICampaignCatalog campaigns, CancellationToken cancellationToken)
        => await campaigns.GetContactAsync(caller.OrganizationId, id, contactId, cancellationToken) is { } contact
            ? TypedResults.Ok(contact)
            : Problem.NotFound();

    private static Task<Results<Ok<PageBody<DecisionDetails>>, ProblemHttpResult>> DecisionsAsync(
        Caller caller, Guid id, Guid contactId, [AsParameters] PageQuery query, ICampaignCatalog campaigns, CancellationToken cancellationToken)
        => HistoryAsync(
            caller,
            id,
            contactId,
            query,
            campaigns,
            page => campaigns.ListDecisionsAsync(caller.OrganizationId, id, contactId, page, cancellationToken),
            cancellationToken);

    private static Task<Results<Ok<PageBody<SessionDetails>>, ProblemHttpResult>> SessionsAsync(
        Caller caller, Guid id, Guid contactId, [AsParameters] PageQuery query, ICampaignCatalog campaigns, CancellationToken cancellationToken)
        => HistoryAsync(
            caller,
            id,
            contactId,
            query,
            campaigns,
            page => campaigns.ListSessionsAsync(caller.OrganizationId, id, contactId, page, cancellationToken),
            cancellationToken);

    private static async Task<Results<Ok<PageBody<T>>, ProblemHttpResult>> HistoryAsync<T>(
        Caller caller,
        Guid id,
        Guid contactId,
        PageQuery query,
        ICampaignCatalog campaigns,
        Func<PageRequest, Task<Page<T>>> list,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        return await campaigns.GetContactAsync(caller.OrganizationId, id, contactId, cancellationToken) is null
            ? Problem.NotFound()
            : TypedResults.Ok(PageBody<T>.Of(await list(page)));
    }
}
