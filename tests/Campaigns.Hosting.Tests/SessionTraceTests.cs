using System.Diagnostics;
using Campaigns.Telemetry;

namespace Campaigns.Hosting.Tests;

public sealed class SessionTraceTests : IDisposable
{
    private const string Name = "Test.SessionTrace";
    private static readonly ActivitySource Source = new(Name);
    private readonly ActivityListener listener = new()
    {
        ShouldListenTo = source => source.Name == Name,
        Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
    };

    public void Dispose() => listener.Dispose();

    [Fact]
    public void RootOf_ASession_HasItsIdAsItIsWritten()
    {
        var session = Guid.Parse("01a1fe2d-1679-7f8f-945f-745c1e52732f");

        var root = SessionTrace.RootOf(session);

        Assert.Equal("01a1fe2d16797f8f945f745c1e52732f", root.TraceId.ToHexString());
        Assert.Equal("945f745c1e52732f", root.SpanId.ToHexString());
        Assert.True(SessionTrace.IsRoot(root));
        Assert.Equal(root, SessionTrace.RootOf(session));
    }

    [Fact]
    public void RootOf_AnIdThatCanBeNoTrace_IsNone()
    {
        Assert.Equal(default, SessionTrace.RootOf(Guid.Empty));
        Assert.Equal(default, SessionTrace.RootOf(Guid.Parse("01a1fe2d-1679-7f8f-0000-000000000000")));
        Assert.False(SessionTrace.IsRoot(default));
    }

    [Fact]
    public void IsRoot_OfASpan_IsFalseThoughItsTraceIsASessions()
    {
        var root = SessionTrace.RootOf(Guid.CreateVersion7());

        Assert.False(SessionTrace.IsRoot(new ActivityContext(root.TraceId, ActivitySpanId.CreateRandom(), ActivityTraceFlags.Recorded, isRemote: true)));
        Assert.False(SessionTrace.IsRoot(new ActivityContext(root.TraceId, root.SpanId, ActivityTraceFlags.Recorded, isRemote: false)));
    }

    [Fact]
    public void Start_WhenNobodyListens_MakesNothing()
        => Assert.Null(SessionTrace.Start(new ActivitySource("Test.Unheard"), "span", ActivityKind.Internal, Guid.CreateVersion7()));

    [Fact]
    public void Start_WithNothingAround_HangsOnTheRoot()
    {
        ActivitySource.AddActivityListener(listener);
        Activity.Current = null;
        var session = Guid.CreateVersion7();

        using var span = SessionTrace.Start(Source, "span", ActivityKind.Internal, session);

        Assert.Equal(session.ToString("N"), span!.TraceId.ToHexString());
        Assert.Equal(session.ToString("N")[16..], span.ParentSpanId.ToHexString());
        Assert.Equal(session.ToString("D"), span.GetTagItem(SessionTrace.SessionId));
        Assert.Empty(span.Links);
    }

    [Fact]
    public void Start_WithinTheTrace_HangsOnWhatIsUnderWay()
    {
        ActivitySource.AddActivityListener(listener);
        Activity.Current = null;
        var session = Guid.CreateVersion7();
        using var outer = SessionTrace.Start(Source, "outer", ActivityKind.Internal, session);

        using var inner = SessionTrace.Start(Source, "inner", ActivityKind.Internal, session);

        Assert.Equal((outer!.TraceId, outer.SpanId), (inner!.TraceId, inner.ParentSpanId));
        Assert.Empty(inner.Links);
    }

    [Fact]
    public void Start_WithinAnotherTrace_LeavesItAndLinksToIt()
    {
        ActivitySource.AddActivityListener(listener);
        Activity.Current = null;
        var session = Guid.CreateVersion7();
        using var claim = Source.StartActivity("claim");

        using (var dial = SessionTrace.Start(Source, "dial", ActivityKind.Internal, session))
        {
            Assert.Equal(session.ToString("N"), dial!.TraceId.ToHexString());
            Assert.Equal(claim!.Context, Assert.Single(dial.Links).Context);
        }

        Assert.Same(claim, Activity.Current);
    }

    [Fact]
    public void Fail_OfASpan_TellsTheKindAndNoMessage()
    {
        ActivitySource.AddActivityListener(listener);
        using var span = Source.StartActivity("span");

        span.Fail("TimeoutException");

        Assert.Equal((ActivityStatusCode.Error, null), (span!.Status, span.StatusDescription));
        Assert.Equal("TimeoutException", span.GetTagItem("error.type"));
    }
}
