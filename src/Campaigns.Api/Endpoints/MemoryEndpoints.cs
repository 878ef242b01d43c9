using System.ComponentModel;
using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/contacts/{id}/memory</c>: what is remembered about a person.</summary>
internal static class MemoryEndpoints
{
    internal static void Map(RouteGroupBuilder contacts)
    {
        var group = contacts.MapGroup("/{id:guid}/memory");
        group.MapGet("/", ListAsync).WithSummary("What is remembered about the person, oldest first");
        group.MapDelete("/{factId:guid}", ForgetAsync).Requires(ApiRole.Operator).WithSummary("Forget a fact, and what it superseded");
    }

    private static async Task<Results<Ok<PageBody<FactDetails>>, ProblemHttpResult>> ListAsync(
        Caller caller,
        Guid id,
        [AsParameters] PageQuery query,
        [Description("true: also facts that do not hold any more.")] string? all,
        IMemoryStore memory,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        var superseded = errors.Flag("all", all) ?? false;
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        return await memory.ListAsync(caller.OrganizationId, id, superseded, page, cancellationToken) is { } facts
            ? TypedResults.Ok(PageBody<FactDetails>.Of(facts))
            : Problem.NotFound();
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> ForgetAsync(
        Caller caller, Guid id, Guid factId, IMemoryStore memory, IAuditLog audit, CancellationToken cancellationToken)
    {
        if (!await memory.ForgetAsync(caller.OrganizationId, id, factId, cancellationToken))
        {
            return Problem.NotFound();
        }

        await audit.WriteAsync(caller.Did("memory.forget", "contact", id, ("fact", factId.ToString())), cancellationToken);
        return TypedResults.NoContent();
    }
}
