using System.Collections.Immutable;
using Campaigns.Domain.Memory;
using Campaigns.LiveModel;
using Campaigns.Silo.Supervision;
using Campaigns.Stores;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Calls;

/// <summary>
/// Distils finished conversations, some time after they have ended: the outcome of a call never waits for it. What fails is tried again later;
/// what is given up keeps its transcript.
/// </summary>
public sealed partial class ExtractionWorker(
    IExtractionQueue queue, IExtractor extractor, IOptions<ExtractionOptions> options, TimeProvider clock, ILogger<ExtractionWorker> logger)
    : PeriodicService(options.Value.Period, clock, logger)
{
    private readonly ExtractionOptions _options = options.Value;
    private readonly TimeProvider _clock = clock;
    private readonly ILogger _logger = logger;

    /// <inheritdoc/>
    public override async Task LookAsync(CancellationToken cancellationToken)
    {
        ImmutableArray<ExtractionJob> jobs;
        do
        {
            jobs = await queue.TakeAsync(_options.AtOnce, _clock.GetUtcNow(), _options.Hold, cancellationToken);
            await Task.WhenAll(jobs.Select(job => RunAsync(job, cancellationToken)));
        }
        while (jobs.Length == _options.AtOnce);
    }

    private async Task RunAsync(ExtractionJob job, CancellationToken cancellationToken)
    {
        try
        {
            var extraction = await extractor.ExtractAsync(job.Request, cancellationToken);
            var now = _clock.GetUtcNow();
            var completed = await queue.CompleteAsync(
                job, extraction, inForce => MemoryMerge.Decide(inForce, extraction.Facts, now), now, cancellationToken);
            LogExtracted(job.SessionId, extraction.Facts.Length, completed);
        }
        catch (LiveModelException error)
        {
            await PutBackAsync(job, error, cancellationToken);
        }
    }

    private async Task PutBackAsync(ExtractionJob job, LiveModelException error, CancellationToken cancellationToken)
    {
        var now = _clock.GetUtcNow();
        var most = error.Failure == LiveFailure.Fatal ? _options.FatalAttempts : _options.Attempts;
        DateTimeOffset? next = job.Attempt >= most ? null : now + _options.BackoffAfter(job.Attempt);
        LogFailed(job.SessionId, job.Attempt, error.Failure, next, error);
        await queue.FailAsync(job, error.Message, next, now, cancellationToken);
    }

    [LoggerMessage(2201, LogLevel.Debug, "Session {Session}: {Facts} facts extracted, kept: {Kept}")]
    private partial void LogExtracted(Guid session, int facts, bool kept);

    [LoggerMessage(2202, LogLevel.Warning, "Session {Session}: extraction {Attempt} failed ({Failure}); next at {Next}")]
    private partial void LogFailed(Guid session, int attempt, LiveFailure failure, DateTimeOffset? next, Exception error);
}
