using Microsoft.Extensions.Options;

namespace Campaigns.Calls;

/// <summary>Refuses options under which calls could not be held. Lists every error.</summary>
public sealed class CallOptionsValidator : IValidateOptions<CallOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, CallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        Check(options.MaxPrepared is >= 0 and <= 10_000, nameof(options.MaxPrepared), "must be 0–10000.");
        Span(options.PreparedLifetime, nameof(options.PreparedLifetime), Seconds(5), TimeSpan.FromMinutes(8));
        Span(options.FailedPreparationMemory, nameof(options.FailedPreparationMemory), Seconds(1), TimeSpan.FromMinutes(10));
        Span(options.ModelPatience, nameof(options.ModelPatience), Seconds(1), Seconds(60));
        Span(options.ModelRetryPause, nameof(options.ModelRetryPause), TimeSpan.Zero, Seconds(10));
        Span(options.BeginPatience, nameof(options.BeginPatience), Seconds(1), TimeSpan.FromMinutes(2));
        Span(options.ToolTimeout, nameof(options.ToolTimeout), Seconds(0.1), Seconds(60));
        Span(options.EventTimeout, nameof(options.EventTimeout), Seconds(0.1), TimeSpan.FromMinutes(2));
        Span(options.ClosingLimit, nameof(options.ClosingLimit), Seconds(1), Seconds(60));
        Span(options.ClosingQuiet, nameof(options.ClosingQuiet), Seconds(0.1), Seconds(30));
        Span(options.ReopenedQuiet, nameof(options.ReopenedQuiet), Seconds(0.1), Seconds(60));
        Span(options.BeepPatience, nameof(options.BeepPatience), Seconds(1), TimeSpan.FromMinutes(5));
        Span(options.MachineSilence, nameof(options.MachineSilence), Seconds(0.5), Seconds(30));
        Span(options.MessageLimit, nameof(options.MessageLimit), Seconds(5), TimeSpan.FromMinutes(5));
        Span(options.InterruptedTail, nameof(options.InterruptedTail), Seconds(0.1), Seconds(10));
        Span(options.ModelStall, nameof(options.ModelStall), Seconds(1), Seconds(60));
        Span(options.LongestTurn, nameof(options.LongestTurn), Seconds(10), TimeSpan.FromMinutes(10));
        Span(options.UntranscribedAudio, nameof(options.UntranscribedAudio), Seconds(5), TimeSpan.FromMinutes(10));
        Span(options.TurnEndPatience, nameof(options.TurnEndPatience), Seconds(0.5), Seconds(60));
        Span(options.ReconnectPatience, nameof(options.ReconnectPatience), Seconds(1), TimeSpan.FromMinutes(2));
        Span(options.LegStall, nameof(options.LegStall), Seconds(2), TimeSpan.FromMinutes(5));
        Span(options.ApologyLimit, nameof(options.ApologyLimit), Seconds(1), Seconds(60));
        Span(options.CloseTimeout, nameof(options.CloseTimeout), Seconds(0.1), Seconds(60));
        Span(options.Granularity, nameof(options.Granularity), Seconds(0.005), Seconds(0.01));
        Span(options.Chunk, nameof(options.Chunk), Seconds(0.02), Seconds(1));
        Check(options.Chunk.Ticks % TimeSpan.FromMilliseconds(20).Ticks == 0, nameof(options.Chunk), "must be a multiple of 20 ms.");
        Span(options.Lead, nameof(options.Lead), options.Chunk, Seconds(10));
        Span(options.Prebuffer, nameof(options.Prebuffer), TimeSpan.Zero, Seconds(5));
        Span(options.MaxPrebuffer, nameof(options.MaxPrebuffer), options.Prebuffer, Seconds(10));
        Span(options.MaxBuffered, nameof(options.MaxBuffered), Seconds(11), TimeSpan.FromMinutes(30));
        Check(options.RecordingFolder is null || Path.IsPathFullyQualified(options.RecordingFolder), nameof(options.RecordingFolder),
            "must be an absolute path.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Check(bool valid, string property, string message)
        {
            if (!valid)
            {
                errors.Add($"{nameof(CallOptions)}.{property} {message}");
            }
        }

        void Span(TimeSpan value, string property, TimeSpan least, TimeSpan most)
            => Check(value >= least && value <= most, property, $"is {value}, must be {least}–{most}.");
    }

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
