using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Domain.Phones;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/do-not-call</c>: numbers that nobody calls, checked again at every dial.</summary>
internal static class DoNotCallEndpoints
{
    internal static void Map(RouteGroupBuilder organization)
    {
        var group = organization.MapGroup("/do-not-call").WithTags("Do not call");
        group.MapPost("/", AddAsync).Requires(ApiRole.Operator).WithSummary("Put a number on do-not-call; repeated, the first reason stays");
        group.MapGet("/", ListAsync).WithSummary("List the numbers");
        group.MapDelete("/{phone}", RemoveAsync).Requires(ApiRole.Admin).WithSummary("Take a number off");
    }

    private static async Task<Results<Ok<DoNotCallEntry>, ProblemHttpResult>> AddAsync(
        Caller caller, Body<NewDoNotCall> body, IDoNotCallStore store, IAuditLog audit, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var phone = Normalize(body.Value.Phone, caller, errors);
        errors.If(body.Value.Reason.Length > 500, "reason", "has more than 500 characters");
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var entry = await store.AddAsync(caller.OrganizationId, phone, body.Value.Reason.Trim(), "API", cancellationToken);
        await audit.WriteAsync(caller.Did("do-not-call.add", "phone", null, ("phone", phone)), cancellationToken);
        return TypedResults.Ok(entry);
    }

    private static async Task<Results<Ok<PageBody<DoNotCallEntry>>, ProblemHttpResult>> ListAsync(
        Caller caller, [AsParameters] PageQuery query, IDoNotCallStore store, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        return errors.Refusal is { } refusal
            ? refusal
            : TypedResults.Ok(PageBody<DoNotCallEntry>.Of(await store.ListAsync(caller.OrganizationId, page, cancellationToken)));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RemoveAsync(
        Caller caller, string phone, IDoNotCallStore store, IAuditLog audit, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var number = Normalize(phone, caller, errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        if (!await store.RemoveAsync(caller.OrganizationId, number, cancellationToken))
        {
            return Problem.NotFound();
        }

        await audit.WriteAsync(caller.Did("do-not-call.remove", "phone", null, ("phone", number)), cancellationToken);
        return TypedResults.NoContent();
    }

    private static string Normalize(string text, Caller caller, Errors errors)
    {
        switch (PhoneNumbers.Normalize(text, caller.Organization.DefaultRegion))
        {
            case PhoneResult.Valid valid:
                return valid.E164;
            case PhoneResult.Invalid invalid:
                errors.Add("phone", $"is no phone number: it {invalid.Reason}");
                return "";
            default:
                errors.Add("phone", "is required");
                return "";
        }
    }
}

/// <summary>A number to be put on do-not-call.</summary>
internal sealed record NewDoNotCall
{
    /// <summary>In any common notation.</summary>
    public required string Phone { get; init; }

    /// <summary>Why; at most 500 characters.</summary>
    public string Reason { get; init; } = "";
}
