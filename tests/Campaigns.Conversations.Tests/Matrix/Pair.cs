using System.Globalization;
using CarrierSimulator;

namespace Campaigns.Conversations.Tests.Matrix;

/// <summary>One person of the carrier's table, called by a model with one fault.</summary>
public sealed record Pair(int Index, PersonRow Who, ModelFault Fault)
{
    /// <summary>Every person with every fault, but for the load tests' talker, who says nothing that could be judged.</summary>
    public static IReadOnlyList<Pair> All { get; } =
    [
        .. ModelFault.All
            .SelectMany(f => People.Rows.Where(p => p.Name != "talker").Select(p => (Person: p, Fault: f)))
            .Select((x, i) => new Pair(i + 1, x.Person, x.Fault)),
    ];

    /// <summary>How often the pair was called before; somebody else is called each time.</summary>
    public int Round { get; init; }

    public string Person => Who.Name;

    /// <summary>Its third and fourth digit from the end fix who answers, its last two an ordinary answer.</summary>
    public string Number => string.Create(CultureInfo.InvariantCulture, $"+919{8 - Round}{Index:0000}{Who.Digits:00}{Index % 50:00}");

    /// <summary>The contact's name, by which both simulators know the call.</summary>
    public string Name => string.Create(CultureInfo.InvariantCulture, $"Person {Round}{Index:000}");

    /// <summary>The person's own time zone where it is not the organization's.</summary>
    public string? TimeZone => Index % 2 == 0 ? "Europe/Berlin" : null;

    public override string ToString() => $"{Person} × {Fault.Name}";
}
