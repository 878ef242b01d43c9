using System.Diagnostics;

namespace Campaigns.Telemetry;

/// <summary>
/// The trace of one call attempt. Its id is the session's: the 16 bytes of the UUID are the W3C trace id, so that whoever knows the session (a callback, a
/// media socket, a look-up, a person with the id in hand) knows the trace, in any process and without anything stored. Spans that are begun with nothing of
/// the trace around them are children of a root that is derived from the id in the same way, and which is never exported.
/// </summary>
public static class SessionTrace
{
    /// <summary>Attribute of every span of a session: its id.</summary>
    public const string SessionId = "campaigns.session.id";

    /// <summary>Attribute of spans about a campaign: its id.</summary>
    public const string CampaignId = "campaigns.campaign.id";

    private const int IdBytes = 16;

    /// <summary>The root of a session's trace; none (the default context) for an id that can be no trace id.</summary>
    public static ActivityContext RootOf(Guid sessionId)
    {
        Span<byte> bytes = stackalloc byte[IdBytes];
        sessionId.TryWriteBytes(bytes, bigEndian: true, out _);

        // A UUID of any standard kind has a bit set in its second half; without one the span's id would be no id.
        if (!bytes[(IdBytes / 2)..].ContainsAnyExcept((byte)0))
        {
            return default;
        }

        // Whether it is recorded is for the sampler to say, which knows this parent for a root.
        return new ActivityContext(
            ActivityTraceId.CreateFromBytes(bytes),
            ActivitySpanId.CreateFromBytes(bytes[(IdBytes / 2)..]),
            ActivityTraceFlags.Recorded,
            traceState: null,
            isRemote: true);
    }

    /// <summary>Whether a parent is the root of a session's trace, and so no span that anybody has decided about.</summary>
    public static bool IsRoot(in ActivityContext context)
    {
        if (!context.IsRemote || context.TraceId == default)
        {
            return false;
        }

        Span<byte> trace = stackalloc byte[IdBytes];
        Span<byte> span = stackalloc byte[IdBytes / 2];
        context.TraceId.CopyTo(trace);
        context.SpanId.CopyTo(span);
        return trace[(IdBytes / 2)..].SequenceEqual(span);
    }

    /// <summary>
    /// Begins a span in a session's trace: within the span that is under way if that is of the same trace, otherwise below the root, with a link to what is
    /// under way.
    /// </summary>
    /// <returns>The span, which is the one under way from now on; null when nobody listens.</returns>
    public static Activity? Start(ActivitySource source, string name, ActivityKind kind, Guid sessionId)
    {
        ArgumentNullException.ThrowIfNull(source);
        if (!source.HasListeners())
        {
            return null;
        }

        var root = RootOf(sessionId);
        var around = Activity.Current;
        var activity = around is null || around.TraceId == root.TraceId
            ? source.StartActivity(name, kind, around?.Context ?? root)
            : source.StartActivity(name, kind, root, links: [new ActivityLink(around.Context)]);
        return activity?.SetTag(SessionId, sessionId.ToString());
    }

    /// <summary>Marks a span as failed.</summary>
    /// <param name="activity">The span; null when nobody listens.</param>
    /// <param name="errorType">One of a few words or the name of an exception's type: never its message, which may quote a person.</param>
    public static void Fail(this Activity? activity, string errorType)
        => activity?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", errorType);
}
