using System.Collections.Immutable;
using Campaigns.LiveModel;
using Microsoft.Extensions.Logging;

namespace Campaigns.GeminiLive.Session;

/// <summary>Hands over to the sink. Nothing before it is attached; what it throws is logged and ends nothing.</summary>
internal sealed partial class SinkGuard(Guid sessionId, ILogger logger) : ILiveSink
{
    private volatile ILiveSink? sink;

    /// <summary>Begins to hand over. False if that was done before.</summary>
    internal bool Attach(ILiveSink target) => Interlocked.CompareExchange(ref sink, target, comparand: null) is null;

    /// <inheritdoc/>
    public void OnAudio(ReadOnlySpan<byte> pcm)
    {
        // Not by the helper below: a span cannot be captured.
        try
        {
            sink?.OnAudio(pcm);
        }
        catch (Exception e)
        {
            LogSinkFailed(sessionId, nameof(OnAudio), e);
        }
    }

    /// <inheritdoc/>
    public void OnHeard(string fragment) => Call(nameof(OnHeard), fragment, static (s, x) => s.OnHeard(x));

    /// <inheritdoc/>
    public void OnSpoken(string fragment) => Call(nameof(OnSpoken), fragment, static (s, x) => s.OnSpoken(x));

    /// <inheritdoc/>
    public void OnInterrupted() => Call(nameof(OnInterrupted), 0, static (s, _) => s.OnInterrupted());

    /// <inheritdoc/>
    public void OnGenerationComplete() => Call(nameof(OnGenerationComplete), 0, static (s, _) => s.OnGenerationComplete());

    /// <inheritdoc/>
    public void OnTurnComplete(string? reason) => Call(nameof(OnTurnComplete), reason, static (s, x) => s.OnTurnComplete(x));

    /// <inheritdoc/>
    public void OnToolCalls(ImmutableArray<ToolCall> calls) => Call(nameof(OnToolCalls), calls, static (s, x) => s.OnToolCalls(x));

    /// <inheritdoc/>
    public void OnToolCallsCancelled(ImmutableArray<string> ids)
        => Call(nameof(OnToolCallsCancelled), ids, static (s, x) => s.OnToolCallsCancelled(x));

    /// <inheritdoc/>
    public void OnUsage(LiveUsage usage) => Call(nameof(OnUsage), usage, static (s, x) => s.OnUsage(x));

    /// <inheritdoc/>
    public void OnReconnecting(string reason) => Call(nameof(OnReconnecting), reason, static (s, x) => s.OnReconnecting(x));

    /// <inheritdoc/>
    public void OnReconnected(bool resumed) => Call(nameof(OnReconnected), resumed, static (s, x) => s.OnReconnected(x));

    private void Call<T>(string what, T value, Action<ILiveSink, T> call)
    {
        if (sink is not { } target)
        {
            return;
        }

        try
        {
            call(target, value);
        }
        catch (Exception e)
        {
            LogSinkFailed(sessionId, what, e);
        }
    }
}
