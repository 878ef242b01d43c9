using Campaigns.Api.Problems;
using Campaigns.Domain.Validation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Campaigns.Api.Input;

/// <summary>Collects what is wrong with a request, by member, so that one answer tells it all.</summary>
internal sealed class Errors
{
    // A body of a megabyte of nonsense must not give an answer of many.
    private const int Most = 100;
    private const int LongestName = 200;

    private readonly Dictionary<string, List<string>> _messages = new(StringComparer.Ordinal);
    private int _count;

    public bool Any => _count > 0;

    /// <summary>The answer, or null when nothing is wrong.</summary>
    public ProblemHttpResult? Refusal => Any ? Problem.Invalid(ToDictionary()) : null;

    public void Add(string member, string message)
    {
        if (_count++ >= Most)
        {
            return;
        }

        var name = member.Length <= LongestName ? member : string.Concat(member.AsSpan(0, LongestName), "…");
        if (!_messages.TryGetValue(name, out var messages))
        {
            _messages[name] = messages = [];
        }

        messages.Add(message);
    }

    public void If(bool wrong, string member, string message)
    {
        if (wrong)
        {
            Add(member, message);
        }
    }

    public void AddAll(IEnumerable<ValidationError> errors)
    {
        foreach (var error in errors)
        {
            Add(error.Path, error.Message);
        }
    }

    private Dictionary<string, string[]> ToDictionary()
    {
        var all = _messages.ToDictionary(pair => pair.Key, pair => pair.Value.ToArray());
        if (_count > Most)
        {
            all["…"] = [$"and {_count - Most} more"];
        }

        return all;
    }
}
