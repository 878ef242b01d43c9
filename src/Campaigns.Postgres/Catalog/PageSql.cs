namespace Campaigns.Postgres.Catalog;

/// <summary>Conditions that make a query go on after <c>@order</c> and <c>@tie</c>; true for every row when they are null.</summary>
internal static class PageSql
{
    /// <summary>For lists ordered by a time and the id, oldest first.</summary>
    internal static string After(string time) => $"AND (@order IS NULL OR ({time}, id) > ({At}, @tie))";

    /// <summary>For lists ordered by a time and the id, both descending.</summary>
    internal static string Before(string time) => $"AND (@order IS NULL OR ({time}, id) < ({At}, @tie))";

    // Whole microseconds: PostgreSQL keeps no more, and a double could not hold them.
    private const string At = "timestamptz 'epoch' + @order * interval '1 microsecond'";
}
