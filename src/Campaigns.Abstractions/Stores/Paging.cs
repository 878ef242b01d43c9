using System.Collections.Immutable;

namespace Campaigns.Stores;

/// <summary>Where a page begins: after this row of the list's own order.</summary>
/// <param name="Order">The row's place: microseconds since 1970 for lists by creation time, otherwise the number the list is ordered by. ≥ 0.</param>
/// <param name="Tie">The row's id, for rows of equal place; empty where the number alone is unique.</param>
public readonly record struct PageKey(long Order, Guid Tie);

/// <summary>Asks for one page of a list.</summary>
/// <param name="Limit">Most rows, 1–500.</param>
/// <param name="After">The last row already seen; null for the first page.</param>
public sealed record PageRequest(int Limit, PageKey? After);

/// <summary>One page of a list.</summary>
/// <param name="Items">The rows, in order.</param>
/// <param name="Next">Pass as <see cref="PageRequest.After"/> to go on; null on the last page.</param>
/// <typeparam name="T">A row.</typeparam>
public sealed record Page<T>(ImmutableArray<T> Items, PageKey? Next);
