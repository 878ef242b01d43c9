namespace Campaigns.Benchmarks.Load;

/// <summary>
/// In which order callbacks come at a constant rate: of twenty calls twelve are answered and completed three seconds later, five ring out, two are
/// busy, one fails. Every tenth callback comes twice, and one answered call in twenty is reported as over before it is reported as answered.
/// </summary>
internal static class CallbackPlan
{
    private const double TalkSeconds = 3;

    /// <summary>As many calls as the plan takes at most: until the first ones have talked every callback begins a call.</summary>
    public static int CallsFor(int callbacks, double perSecond)
        => Math.Min(callbacks, (int)((callbacks * 0.6) + (perSecond * TalkSeconds * 0.5)) + 100);

    /// <summary>The callbacks in the order of their sending.</summary>
    /// <param name="calls">Calls that nothing was said about yet.</param>
    /// <param name="count">How many callbacks.</param>
    /// <param name="perSecond">Their rate.</param>
    public static IReadOnlyList<Callback> Make(IReadOnlyList<CallInFlight> calls, int count, double perSecond)
    {
        var random = new Random(1);
        var later = new PriorityQueue<Callback, double>();
        var plan = new List<Callback>(count);
        for (var next = 0; plan.Count < count;)
        {
            var now = plan.Count / perSecond;
            if (later.TryPeek(out var due, out var at) && at <= now)
            {
                later.Dequeue();
                plan.Add(due);
                continue;
            }

            plan.AddRange(Begin(calls[next], next++, now, later, random));
        }

        return plan;
    }

    private static IEnumerable<Callback> Begin(CallInFlight call, int number, double now, PriorityQueue<Callback, double> later, Random random)
    {
        var kind = number % 20;
        if (kind >= 12)
        {
            var status = kind < 17 ? "no-answer" : kind < 19 ? "busy" : "failed";
            yield return Twice(new Callback(call, status, "terminal"), now);
            yield break;
        }

        var (answered, completed) = (new Callback(call, "in-progress", "answered"), new Callback(call, "completed", "terminal"));
        var overtaken = random.Next(20) == 0;
        var (first, second, gap) = overtaken ? (completed, answered, 0.3) : (answered, completed, TalkSeconds);
        later.Enqueue(Twice(second, now + gap), now + gap);
        yield return Twice(first, now);

        // A retry of the carrier's after an answer that it did not hear.
        Callback Twice(Callback callback, double at)
        {
            if (random.Next(10) == 0)
            {
                later.Enqueue(callback, at + 0.05 + random.NextDouble());
            }

            return callback;
        }
    }
}
