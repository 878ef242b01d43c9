using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Grains;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Orleans;

namespace Campaigns.Api.Endpoints;

/// <summary><c>…/disposition</c>: an operator sets the outcome of a contact by hand.</summary>
internal static class DispositionEndpoint
{
    internal static void Map(RouteGroupBuilder contacts)
        => contacts.MapPut("/{contactId:guid}/disposition", PutAsync)
            .Requires(ApiRole.Operator)
            .WithSummary("Set the outcome by hand: COMPLETED, NO_ANSWER or FAILED");

    private static async Task<Results<Ok<CampaignContactDetails>, ProblemHttpResult>> PutAsync(
        Caller caller,
        Guid id,
        Guid contactId,
        Body<Disposition> body,
        ICampaignCatalog campaigns,
        IGrainFactory grains,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        body.Value.Check(errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        if (await campaigns.GetContactAsync(caller.OrganizationId, id, contactId, cancellationToken) is not { } before)
        {
            return Problem.NotFound();
        }

        var wanted = body.Value;
        var result = await grains.GetGrain<IContactGrain>(contactId).CorrectAsync(
            new DispositionCorrection(wanted.Status, wanted.Value, wanted.Note, caller.KeyName), cancellationToken);
        var after = await campaigns.GetContactAsync(caller.OrganizationId, id, contactId, cancellationToken);
        if (result == ReportResult.NotFound || after is null)
        {
            return Problem.NotFound();
        }

        if (result == ReportResult.Refused)
        {
            return Problem.Conflict(
                "The outcome cannot be changed now",
                $"The contact is {after.Status.ToText()}; it cannot be made {wanted.Status.ToText()} by hand.");
        }

        if (result == ReportResult.Applied)
        {
            await audit.WriteAsync(
                caller.Did("contact.correct", "campaign_contact", contactId, ("from", before.Status.ToText()), ("to", wanted.Status.ToText())),
                cancellationToken);
        }

        return TypedResults.Ok(after);
    }
}

/// <summary>An outcome set by hand.</summary>
internal sealed record Disposition
{
    private static readonly ContactStatus[] Results = [ContactStatus.Completed, ContactStatus.NoAnswer, ContactStatus.Failed];

    /// <summary>The right terminal status: <c>COMPLETED</c>, <c>NO_ANSWER</c> or <c>FAILED</c>.</summary>
    public required ContactStatus Status { get; init; }

    /// <summary>The campaign's own word for the result, at most 200 characters; left out, it stays.</summary>
    [System.Text.Json.Serialization.JsonPropertyName("disposition")]
    public string? Value { get; init; }

    /// <summary>Why, at most 2,000 characters.</summary>
    public string? Note { get; init; }

    internal void Check(Errors errors)
    {
        errors.If(!Results.Contains(Status), "status", "must be COMPLETED, NO_ANSWER or FAILED");
        errors.If(Value is { Length: 0 or > 200 }, "disposition", "must have 1 to 200 characters");
        errors.If(Note?.Length > 2_000, "note", "has more than 2000 characters");
    }
}
