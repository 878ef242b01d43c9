using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Domain.Tools;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/agents</c>: who speaks.</summary>
internal static class AgentEndpoints
{
    internal static void Map(RouteGroupBuilder organization)
    {
        var group = organization.MapGroup("/agents").WithTags("Agents");
        group.MapPost("/", CreateAsync).Requires(ApiRole.Admin).WithSummary("Write an agent");
        group.MapGet("/", ListAsync).WithSummary("List agents, oldest first");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("Get an agent");
        InboundAddressEndpoint.Map(group);
    }

    private static async Task<Results<Created<AgentRecord>, ProblemHttpResult>> CreateAsync(
        Caller caller, Body<NewAgent> body, IAgentStore agents, IAuditLog audit, IOptions<AgentToolOptions> tools, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        Check(body.Value, errors);
        errors.AddAll(AgentHttpTool.Validate(body.Value.Settings, tools.Value.AllowPlainHttp));
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var agent = await agents.CreateAsync(caller.OrganizationId, body.Value, cancellationToken);
        await audit.WriteAsync(caller.Did("agent.create", "agent", agent.Id), cancellationToken);
        return TypedResults.Created($"/api/orgs/{caller.Organization.Slug}/agents/{agent.Id}", AgentSecrets.Hide(agent));
    }

    private static async Task<Results<Ok<AgentRecord>, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, IAgentStore agents, CancellationToken cancellationToken)
        => await agents.GetAsync(caller.OrganizationId, id, cancellationToken) is { } agent
            ? TypedResults.Ok(AgentSecrets.Hide(agent))
            : Problem.NotFound();

    private static async Task<Results<Ok<PageBody<AgentRecord>>, ProblemHttpResult>> ListAsync(
        Caller caller, [AsParameters] PageQuery query, IAgentStore agents, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var found = await agents.ListAsync(caller.OrganizationId, page, cancellationToken);
        return TypedResults.Ok(PageBody<AgentRecord>.Of(found with { Items = [.. found.Items.Select(AgentSecrets.Hide)] }));
    }

    private static void Check(NewAgent agent, Errors errors)
    {
        errors.If(string.IsNullOrWhiteSpace(agent.Name) || agent.Name.Length > 200, "name", "must have 1 to 200 characters");
        errors.If(
            string.IsNullOrWhiteSpace(agent.SystemPrompt) || agent.SystemPrompt.Length > 100_000,
            "systemPrompt",
            "must have 1 to 100000 characters");
        errors.If(agent.Language.Length is 0 or > 35, "language", "must be a language tag like en-IN, at most 35 characters");
        errors.If(agent.Voice is { Length: 0 or > 100 }, "voice", "must have 1 to 100 characters");
        errors.If(agent.Settings.Count > 100, "settings", "has more than 100 members");
    }
}
