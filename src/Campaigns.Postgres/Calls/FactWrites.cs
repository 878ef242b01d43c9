using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;
using Campaigns.Stores;

namespace Campaigns.Postgres.Calls;

/// <summary>A merge as rows to be written.</summary>
/// <param name="Added">New facts with their ids.</param>
/// <param name="Superseded">Facts that leave force, with the new fact that replaces each.</param>
/// <param name="Confirmed">Facts that stay, with their new confidence.</param>
internal sealed record FactWrites(
    ImmutableArray<(Guid Id, ExtractedFact Fact)> Added, ImmutableDictionary<Guid, Guid> Superseded, ImmutableDictionary<Guid, double> Confirmed)
{
    /// <summary>Insists that one fact per key is in force afterwards; a new fact of a key in force replaces the old one in any case.</summary>
    /// <exception cref="InvalidOperationException">The merge cannot be written.</exception>
    internal static FactWrites Of(ImmutableArray<MemoryFact> inForce, FactChanges changes)
    {
        var added = changes.Add.Select(fact => (Id: Guid.NewGuid(), Fact: fact)).ToImmutableArray();
        if (added.GroupBy(fact => fact.Fact.Key, StringComparer.Ordinal).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new InvalidOperationException($"The merge adds two facts about {twice.Key}.");
        }

        var known = inForce.Select(fact => fact.Id).ToHashSet();
        foreach (var (id, by) in changes.Superseded)
        {
            if (!known.Contains(id) || by < 0 || by >= added.Length)
            {
                throw new InvalidOperationException($"The merge supersedes fact {id}, which is not in force, or by a fact that it does not add.");
            }
        }

        var byKey = added.ToDictionary(fact => fact.Fact.Key, fact => fact.Id, StringComparer.Ordinal);
        var superseded = inForce.Where(fact => byKey.ContainsKey(fact.Key)).ToImmutableDictionary(fact => fact.Id, fact => byKey[fact.Key])
            .SetItems(changes.Superseded.Select(pair => KeyValuePair.Create(pair.Key, added[pair.Value].Id)));
        return new FactWrites(added, superseded, changes.Confirmed.RemoveRange(superseded.Keys));
    }
}
