using System.Globalization;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;

namespace Campaigns.DomainTests;

/// <summary>
/// Runs a law against many random cases. The seed is fixed, so that a run can be trusted tomorrow; <c>LAW_SEED=random</c> draws another, and
/// <c>LAW_SEED=a,b</c> replays the pair that FsCheck prints with a failure, beside the shrunk case.
/// </summary>
internal static class Law
{
    private const ulong Seed = 20_260_731;
    private const ulong Gamma = 9_007_199_254_740_993;

    /// <summary>Insists that the law does not throw for any dice.</summary>
    public static void Holds(Action<Dice> law, int cases = 200, int throws = 60)
    {
        var tapes = Arb.From(Gen.ArrayOf(Gen.Choose(0, int.MaxValue - 1), throws).Select(t => new Tape(t)), t => t.Shrunk());
        Check.One(Settings(cases), Prop.ForAll(tapes, (Tape tape) => law(new Dice(tape))));
    }

    private static Config Settings(int cases)
    {
        var config = Config.QuickThrowOnFailure.WithMaxTest(cases).WithQuietOnSuccess(true);
        var wanted = Environment.GetEnvironmentVariable("LAW_SEED");
        if (string.Equals(wanted, "random", StringComparison.Ordinal))
        {
            return config;
        }

        var pair = wanted?.Split(',').Select(p => ulong.Parse(p, CultureInfo.InvariantCulture)).ToArray() ?? [Seed, Gamma];
        var replay = new Replay(new Rnd(pair[0], pair[1]), FSharpOption<int>.None);
        return config.WithReplay(FSharpOption<Replay>.Some(replay));
    }
}

/// <summary>The random numbers of one case. Fewer and smaller numbers make a simpler case.</summary>
internal sealed record Tape(int[] Numbers)
{
    public IEnumerable<Tape> Shrunk()
    {
        for (var length = Numbers.Length / 2; length > 0; length /= 2)
        {
            yield return new Tape(Numbers[..^length]);
        }

        for (var i = 0; i < Numbers.Length; i++)
        {
            foreach (var smaller in new[] { 0, Numbers[i] / 2, Numbers[i] - 1 }.Where(n => n >= 0 && n < Numbers[i]).Distinct())
            {
                yield return new Tape([.. Numbers[..i], smaller, .. Numbers[(i + 1)..]]);
            }
        }
    }

    public override string ToString() => $"[{string.Join(", ", Numbers)}]";
}

/// <summary>Draws a case from a tape; at the tape's end everything is the least there is.</summary>
internal sealed class Dice(Tape tape)
{
    private int _next;

    /// <summary>A number from <paramref name="least"/> to <paramref name="most"/>, both included.</summary>
    public int Int(int least, int most) => least + (int)(Next() % ((long)most - least + 1));

    public bool Bool() => Int(0, 1) == 1;

    public T Of<T>(params IReadOnlyList<T> choices) => choices[Int(0, choices.Count - 1)];

    public T Any<T>()
        where T : struct, Enum
        => Of(Enum.GetValues<T>());

    /// <summary>A generator for long simulations, fixed by one number of the tape.</summary>
    public Random Random() => new(Next());

    private int Next() => _next < tape.Numbers.Length ? tape.Numbers[_next++] : 0;
}
