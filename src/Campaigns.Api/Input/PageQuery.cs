using System.ComponentModel;
using System.Globalization;
using Campaigns.Stores;
using Microsoft.AspNetCore.Mvc;

namespace Campaigns.Api.Input;

/// <summary>The query parameters of every list.</summary>
internal sealed record PageQuery(
    [property: FromQuery(Name = "limit"), Description("Most items of the page, 1 to 500; 50 if left out.")] string? Limit,
    [property: FromQuery(Name = "cursor"), Description("The \"next\" of the page before; the first page if left out.")] string? Cursor)
{
    private const int Default = 50;
    private const int Most = 500;

    /// <summary>The request, or whatever stands in for it while <paramref name="errors"/> says what is wrong.</summary>
    public PageRequest Read(Errors errors)
    {
        var limit = Default;
        if (Limit is not null
            && (!int.TryParse(Limit, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > Most))
        {
            errors.Add("limit", $"must be a whole number from 1 to {Most}");
        }

        PageKey? after = null;
        if (Cursor is not null)
        {
            errors.If(!Input.Cursor.TryRead(Cursor, out var key), "cursor", "is not one that a page gave as \"next\"");
            after = key;
        }

        return new PageRequest(limit, after);
    }
}

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, in order.</param>
/// <param name="Next">Pass as <c>cursor</c> to go on; null on the last page.</param>
internal sealed record PageBody<T>(IReadOnlyList<T> Items, string? Next)
{
    internal static PageBody<T> Of(Page<T> page) => new(page.Items, page.Next is { } next ? Cursor.Write(next) : null);
}
