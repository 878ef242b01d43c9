using Campaigns.Api.Access;
using Campaigns.Api.Problems;
using Campaigns.Carrier;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/agents/{id}/inbound-address</c>: where the carrier brings calls for an agent.</summary>
internal static class InboundAddressEndpoint
{
    internal static void Map(RouteGroupBuilder agents)
        => agents.MapPost("/{id:guid}/inbound-address", RotateAsync)
            .Requires(ApiRole.Admin)
            .WithSummary("Make the address at which the carrier brings calls for the agent; the one before is closed")
            .WithDescription("The path holds a secret and is told this once: only its hash is kept.");

    private static async Task<Results<Ok<InboundAddress>, ProblemHttpResult>> RotateAsync(
        Caller caller, Guid id, HttpContext context, IAgentStore agents, IAuditLog audit, CancellationToken cancellationToken)
    {
        var secret = SessionToken.Create();
        if (!await agents.SetInboundSecretAsync(caller.OrganizationId, id, SessionToken.Hash(secret), cancellationToken))
        {
            return Problem.NotFound();
        }

        await audit.WriteAsync(caller.Did("agent.inbound-address", "agent", id), cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new InboundAddress($"/media/exotel/inbound/{id}/{secret}"));
    }
}

/// <summary>Where the carrier brings calls for an agent.</summary>
/// <param name="Path">Below the host's media address (<c>wss://…</c>); it holds a secret.</param>
internal sealed record InboundAddress(string Path);
