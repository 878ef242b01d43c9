using Campaigns.Stores;

namespace Campaigns.Api.Access;

/// <summary>Who makes the request: set by <see cref="ApiKeyGate"/> before any endpoint runs.</summary>
internal sealed record Caller(OrganizationRecord Organization, string KeyName, ApiRole Role)
{
    public Guid OrganizationId => Organization.Id;

    /// <summary>Bound as a parameter of endpoints.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context) => ValueTask.FromResult(context.Features.Get<Caller>());

    public AuditEntry Did(string action, string entity, Guid? entityId, params (string Name, string Value)[] detail)
        => new(OrganizationId, KeyName, action, entity, entityId, detail.ToDictionary(pair => pair.Name, pair => pair.Value));
}
