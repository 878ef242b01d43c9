using System.ComponentModel;
using Campaigns.Api.Access;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/contacts</c>: the people of an organization.</summary>
internal static class ContactEndpoints
{
    internal static void Map(RouteGroupBuilder organization)
    {
        var group = organization.MapGroup("/contacts").WithTags("Contacts");
        group.MapPost("/", CreateAsync).Requires(ApiRole.Operator).WithSummary("Write a contact");
        group.MapGet("/", ListAsync).WithSummary("List contacts, in the order they were written");
        group.MapGet("/{id:guid}", GetAsync).WithSummary("Get a contact");
        ImportEndpoint.Map(group);
        MemoryEndpoints.Map(group);
    }

    private static async Task<Results<Created<ContactDetails>, ProblemHttpResult>> CreateAsync(
        Caller caller, Body<NewContact> body, IContactDirectory contacts, IAuditLog audit, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var contact = ContactBodyRules.Check(body.Value, caller.Organization.DefaultRegion, errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var created = await contacts.CreateAsync(caller.OrganizationId, contact, cancellationToken);
        if (created is null)
        {
            return Problem.Conflict("The number is taken", "Another contact has this phone number: one person is one number.");
        }

        await audit.WriteAsync(caller.Did("contact.create", "contact", created.Id), cancellationToken);
        return TypedResults.Created($"/api/orgs/{caller.Organization.Slug}/contacts/{created.Id}", created);
    }

    private static async Task<Results<Ok<ContactDetails>, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, IContactDirectory contacts, CancellationToken cancellationToken)
        => await contacts.GetAsync(caller.OrganizationId, id, cancellationToken) is { } contact ? TypedResults.Ok(contact) : Problem.NotFound();

    private static async Task<Results<Ok<PageBody<ContactDetails>>, ProblemHttpResult>> ListAsync(
        Caller caller,
        [AsParameters] PageQuery query,
        [AsParameters] ContactQuery filters,
        IContactDirectory contacts,
        CancellationToken cancellationToken)
    {
        var errors = new Errors();
        var page = query.Read(errors);
        var filter = filters.Read(errors);
        return errors.Refusal is { } refusal
            ? refusal
            : TypedResults.Ok(PageBody<ContactDetails>.Of(await contacts.ListAsync(caller.OrganizationId, filter, page, cancellationToken)));
    }
}

/// <summary>The filters of the contact list; texts compare in any case.</summary>
internal sealed record ContactQuery(
    [property: FromQuery(Name = "status")] string? Status,
    [property: FromQuery(Name = "city")] string? City,
    [property: FromQuery(Name = "occupation")] string? Occupation,
    [property: FromQuery(Name = "preferredLanguage")] string? PreferredLanguage,
    [property: FromQuery(Name = "marketingConsent"), Description("true: granted; false: anything else.")] string? MarketingConsent,
    [property: FromQuery(Name = "search"), Description("Text within name, phone, e-mail, city, occupation.")] string? Search)
{
    public ContactFilter Read(Errors errors)
        => new()
        {
            Status = errors.Text("status", Status),
            City = errors.Text("city", City),
            Occupation = errors.Text("occupation", Occupation),
            PreferredLanguage = errors.Text("preferredLanguage", PreferredLanguage),
            MarketingConsent = errors.Flag("marketingConsent", MarketingConsent),
            Search = errors.Text("search", Search),
        };
}
