using System.Collections.Immutable;
using Campaigns.Calls;
using Campaigns.LiveModel;
using Campaigns.Silo.Calls;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Silo.Tests;

/// <summary>Distilling finished conversations: what succeeds is kept, what fails comes again later, what cannot is given up.</summary>
public sealed class ExtractionWorkerTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Look_WhenJobsWait_CompletesAllOfThem()
    {
        var desk = new Desk(jobs: 6);
        await desk.Worker.LookAsync(CancellationToken.None);

        Assert.Equal(6, desk.Completed.Count);
        Assert.All(desk.Completed, c => Assert.Equal("renewal_month", Assert.Single(c.Add).Key));
        Assert.Empty(desk.Failed);
    }

    [Theory]
    [InlineData(LiveFailure.Transient, 1, 30)]
    [InlineData(LiveFailure.Exhausted, 3, 120)]
    [InlineData(LiveFailure.Transient, 7, 1920)]
    [InlineData(LiveFailure.Transient, 8, null)]
    [InlineData(LiveFailure.Fatal, 1, 30)]
    [InlineData(LiveFailure.Fatal, 2, null)]
    public async Task Look_WhenTheModelFails_PutsTheJobBackForLaterOrGivesItUp(LiveFailure failure, int attempt, int? seconds)
    {
        var desk = new Desk(jobs: 1, attempt) { Failure = failure };
        await desk.Worker.LookAsync(CancellationToken.None);

        Assert.Empty(desk.Completed);
        DateTimeOffset? next = seconds is { } s ? Now.AddSeconds(s) : null;
        Assert.Equal(next, Assert.Single(desk.Failed));
    }

    private sealed class Desk : IExtractionQueue, IExtractor
    {
        private readonly Queue<ExtractionJob> _jobs;

        public Desk(int jobs, int attempt = 1)
        {
            _jobs = new(Enumerable.Range(0, jobs).Select(_ => new ExtractionJob(
                Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid(), attempt, new ExtractionRequest(Guid.NewGuid(), "en-IN", "", [], []))));
            Worker = new ExtractionWorker(
                this, this, Options.Create(new ExtractionOptions()), new FakeClock(Now), new LogCapture().CreateLogger<ExtractionWorker>());
        }

        public ExtractionWorker Worker { get; }

        public LiveFailure? Failure { get; init; }

        public List<FactChanges> Completed { get; } = [];

        public List<DateTimeOffset?> Failed { get; } = [];

        public Task<Extraction> ExtractAsync(ExtractionRequest request, CancellationToken cancellationToken)
            => Failure is { } failure
                ? Task.FromException<Extraction>(new LiveModelException(failure, "no"))
                : Task.FromResult(new Extraction("They renew.", [new ExtractedFact("renewal_month", "March", 0.9, 1)], "model", default));

        public Task<ImmutableArray<ExtractionJob>> TakeAsync(int limit, DateTimeOffset now, TimeSpan hold, CancellationToken cancellationToken)
        {
            var taken = ImmutableArray.CreateBuilder<ExtractionJob>();
            while (taken.Count < limit && _jobs.TryDequeue(out var job))
            {
                taken.Add(job);
            }

            return Task.FromResult(taken.ToImmutable());
        }

        public Task<bool> CompleteAsync(
            ExtractionJob job, Extraction extraction, Func<ImmutableArray<MemoryFact>, FactChanges> merge, DateTimeOffset now,
            CancellationToken cancellationToken)
        {
            Completed.Add(merge([]));
            return Task.FromResult(true);
        }

        public Task FailAsync(ExtractionJob job, string error, DateTimeOffset? nextAt, DateTimeOffset now, CancellationToken cancellationToken)
        {
            Failed.Add(nextAt);
            return Task.CompletedTask;
        }
    }
}
