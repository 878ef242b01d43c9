using Campaigns.Api.Access;
using Campaigns.Api.Problems;
using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Orleans;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/sessions/{id}/hang-up</c>: an operator ends a conversation.</summary>
internal static class HangUpEndpoint
{
    internal static void Map(RouteGroupBuilder sessions)
        => sessions.MapPost("/{id:guid}/hang-up", HangUpAsync)
            .Requires(ApiRole.Operator)
            .WithSummary("End a conversation that is going on; of a call that is over nothing changes");

    private static async Task<Results<Ok<SessionDetails>, ProblemHttpResult>> HangUpAsync(
        Caller caller,
        Guid id,
        ISessionCatalog sessions,
        [FromServices] IGrainFactory grains,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        if (await sessions.GetAsync(caller.OrganizationId, id, cancellationToken) is not { } session)
        {
            return Problem.NotFound();
        }

        if (session.State == SessionState.Ended)
        {
            return TypedResults.Ok(session);
        }

        if (session.Conversation is null)
        {
            return Problem.Conflict("There is no conversation yet", $"The call is {session.State.ToText()}; only a conversation can be ended from here.");
        }

        await grains.GetGrain<ICallSessionGrain>(id).HangUpAsync($"ended by {caller.KeyName}");
        await audit.WriteAsync(caller.Did("session.hang-up", "session", id), cancellationToken);
        return await sessions.GetAsync(caller.OrganizationId, id, cancellationToken) is { } after ? TypedResults.Ok(after) : Problem.NotFound();
    }
}
