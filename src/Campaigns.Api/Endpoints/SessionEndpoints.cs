using System.ComponentModel;
using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Calls;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/sessions</c>: calls, what was said in them and what they came to.</summary>
internal static class SessionEndpoints
{
    internal static void Map(RouteGroupBuilder organization)
    {
        var group = organization.MapGroup("/sessions").WithTags("Calls");
        group.MapGet("/", ListAsync).WithSummary("List calls, newest first");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("Get a call");
        group.MapGet("/{id:guid}/turns", TurnsAsync).WithSummary("What was said, in order, and what was really heard of it");
        group.MapGet("/{id:guid}/digest", DigestAsync).WithSummary("What the call came to; 404 until it has been distilled");
        RecordingEndpoint.Map(group);
        HangUpEndpoint.Map(group);
    }

    private static async Task<Results<Ok<PageBody<SessionDetails>>, ProblemHttpResult>> ListAsync(
        Caller caller,
        [AsParameters] PageQuery query,
        [Description("Only calls of this campaign (its id).")] string? campaign,
        [Description("OUTBOUND or INBOUND.")] string? direction,
        [Description("Only calls that ended so, such as COMPLETED or MACHINE.")] string? outcome,
        ISessionCatalog sessions,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        var filter = new SessionFilter(
            errors.Id("campaign", campaign), errors.Choice<CallDirection>("direction", direction), errors.Choice<CallOutcome>("outcome", outcome));
        return errors.Refusal is { } refusal
            ? refusal
            : TypedResults.Ok(PageBody<SessionDetails>.Of(await sessions.ListAsync(caller.OrganizationId, filter, page, cancellationToken)));
    }

    private static async Task<Results<Ok<SessionDetails>, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, ISessionCatalog sessions, CancellationToken cancellationToken)
        => await sessions.GetAsync(caller.OrganizationId, id, cancellationToken) is { } session ? TypedResults.Ok(session) : Problem.NotFound();

    private static async Task<Results<Ok<PageBody<TurnDetails>>, ProblemHttpResult>> TurnsAsync(
        Caller caller, Guid id, [AsParameters] PageQuery query, ISessionCatalog sessions, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        return await sessions.ListTurnsAsync(caller.OrganizationId, id, page, cancellationToken) is { } turns
            ? TypedResults.Ok(PageBody<TurnDetails>.Of(turns))
            : Problem.NotFound();
    }

    private static async Task<Results<Ok<DigestDetails>, ProblemHttpResult>> DigestAsync(
        Caller caller, Guid id, ISessionCatalog sessions, CancellationToken cancellationToken)
        => await sessions.GetDigestAsync(caller.OrganizationId, id, cancellationToken) is { } digest ? TypedResults.Ok(digest) : Problem.NotFound();
}
