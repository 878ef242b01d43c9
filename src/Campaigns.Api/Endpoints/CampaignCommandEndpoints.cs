using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;

namespace Campaigns.Api.Endpoints;

/// <summary>Commands on a campaign: each goes to its grain once it is known to be the caller's.</summary>
internal static class CampaignCommandEndpoints
{
    internal static void Map(RouteGroupBuilder campaigns)
    {
        Command("start", (grain, _, cancellation) => grain.StartAsync(cancellation), "Freeze the audience and begin to dial");
        Command("resume", (grain, _, cancellation) => grain.ResumeAsync(cancellation), "Go on after a pause");
        Command("cancel", (grain, _, cancellation) => grain.CancelAsync(cancellation), "End it; whoever was not called is CANCELLED");
        Command("pause", (grain, caller, cancellation) => grain.PauseAsync($"paused by {caller.KeyName}", cancellation), "Stop dialling");

        void Command(string name, Func<ICampaignGrain, Caller, CancellationToken, Task<CommandResult>> run, string summary)
            => campaigns.MapPost($"/{{id:guid}}/{name}", (
                    Caller caller,
                    Guid id,
                    ICampaignCatalog catalog,
                    IGrainFactory grains,
                    IAuditLog audit,
                    CancellationToken cancellationToken)
                    => RunAsync(caller, id, name, run, catalog, grains, audit, cancellationToken))
                .Requires(ApiRole.Operator)
                .WithSummary(summary);
    }

    private static async Task<Results<Ok<CampaignBody>, ProblemHttpResult>> RunAsync(
        Caller caller,
        Guid id,
        string name,
        Func<ICampaignGrain, Caller, CancellationToken, Task<CommandResult>> run,
        ICampaignCatalog catalog,
        IGrainFactory grains,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        if (await catalog.GetAsync(caller.OrganizationId, id, cancellationToken) is null)
        {
            return Problem.NotFound();
        }

        var result = await run(grains.GetGrain<ICampaignGrain>(id), caller, cancellationToken);
        switch (result.Kind)
        {
            case CommandResultKind.NotFound:
                return Problem.NotFound();
            case CommandResultKind.Refused:
                return Problem.Conflict($"The campaign is {result.Status.ToText()} and cannot {name}", result.Message);
            case CommandResultKind.Applied:
                await audit.WriteAsync(caller.Did($"campaign.{name}", "campaign", id, ("status", result.Status.ToText())), cancellationToken);
                break;
        }

        return await catalog.GetAsync(caller.OrganizationId, id, cancellationToken) is { } campaign
            ? TypedResults.Ok(CampaignBody.Of(campaign))
            : Problem.NotFound();
    }
}
