namespace Campaigns.Domain.Import;

/// <summary>When two names of a field are the same: case, spaces, underscores, hyphens and dots make no difference.</summary>
internal static class FieldKey
{
    // Letters of other scripts count as well: two headers in Devanagari are not the same because neither has a Latin letter.
    internal static string Of(string? name) =>
        string.Concat(Clean(name).Where(c => !char.IsWhiteSpace(c) && c is not ('_' or '-' or '.'))).ToLowerInvariant();

    // A byte order mark that a reader let through belongs to no header.
    internal static string Clean(string? name) => (name ?? "").Trim().Trim('\uFEFF').Trim();
}
