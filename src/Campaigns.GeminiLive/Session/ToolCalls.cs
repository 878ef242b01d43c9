using System.Collections.Immutable;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Session;

/// <summary>
/// The tool calls of a conversation: which are open, under which id the platform knows them and on which connection they came. A call that was
/// taken back, answered before or made over an earlier connection is not answered: the platform closes a connection for that.
/// </summary>
internal sealed class ToolCalls
{
    private readonly Lock gate = new();
    private readonly HashSet<string> used = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string?> open = new(StringComparer.Ordinal);
    private int made;

    /// <summary>How many calls of this connection are unanswered.</summary>
    internal int Pending
    {
        get
        {
            lock (gate)
            {
                return open.Count;
            }
        }
    }

    /// <summary>Takes calls in.</summary>
    /// <returns>The calls under ids that are unique in the conversation.</returns>
    internal ImmutableArray<ToolCall> Add(IReadOnlyList<WireCall> calls)
    {
        lock (gate)
        {
            var taken = ImmutableArray.CreateBuilder<ToolCall>(calls.Count);
            foreach (var call in calls)
            {
                var id = call.Id;
                while (id is null || !used.Add(id))
                {
                    id = $"call-{++made}";
                }

                open[id] = call.Id;
                taken.Add(new ToolCall(id, call.Name, call.ArgumentsJson));
            }

            return taken.MoveToImmutable();
        }
    }

    /// <summary>Closes calls that the platform takes back.</summary>
    /// <returns>Our ids of those that were open.</returns>
    internal ImmutableArray<string> Cancel(IReadOnlyList<string> platformIds)
    {
        lock (gate)
        {
            var ids = open
                .Where(c => c.Value is not null && platformIds.Contains(c.Value, StringComparer.Ordinal))
                .Select(c => c.Key)
                .ToImmutableArray();
            foreach (var id in ids)
            {
                open.Remove(id);
            }

            return ids;
        }
    }

    /// <summary>Closes calls that are answered.</summary>
    /// <param name="answers">The answers.</param>
    /// <param name="send">Given those that are open still, while no other answer can overtake; not called if there is none.</param>
    /// <returns>How many were not open.</returns>
    internal int Close(ImmutableArray<ToolAnswer> answers, Action<ImmutableArray<WireAnswer>> send)
    {
        lock (gate)
        {
            var wire = ImmutableArray.CreateBuilder<WireAnswer>(answers.Length);
            foreach (var answer in answers)
            {
                if (open.Remove(answer.Id, out var platformId))
                {
                    wire.Add(new WireAnswer(platformId, answer.Name, answer.ResponseJson));
                }
            }

            if (wire.Count > 0)
            {
                send(wire.ToImmutable());
            }

            return answers.Length - wire.Count;
        }
    }

    /// <summary>Forgets the calls of a connection that is gone.</summary>
    internal void Abandon()
    {
        lock (gate)
        {
            open.Clear();
        }
    }
}
