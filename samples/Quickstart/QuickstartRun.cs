using Quickstart.Folder;
using Quickstart.Host;
using Quickstart.Judge;
using Quickstart.Logs;
using Quickstart.Operate;
using Quickstart.Options;
using Quickstart.Show;

namespace Quickstart;

/// <summary>One run, from the empty or kept folder to the verdict.</summary>
internal sealed class QuickstartRun(QuickstartOptions options, Screen screen)
{
    private const int Interrupted = 130;

    // After the campaign's end the carrier may still have callbacks to deliver, doubled or late ones.
    private static readonly TimeSpan CarrierPatience = TimeSpan.FromSeconds(5);

    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        try
        {
            var verdict = await RunInFolderAsync(stop);
            if (options.Once)
            {
                screen.Say(verdict.Result.ToJson());
            }

            return verdict.Faults.Count == 0 ? 0 : 1;
        }
        catch (StartException error)
        {
            screen.Warn(error.Message);
            return error.ExitCode;
        }
        catch (ApiException error)
        {
            screen.Warn(error.Message);
            return error.IsOurFault ? 2 : 1;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            screen.Warn(options.Data is null ? "Interrupted." : $"Interrupted. Start again with --data {options.Data} to go on.");
            return Interrupted;
        }
    }

    private async Task<Verdict> RunInFolderAsync(CancellationToken stop)
    {
        using var folder = RunFolder.Open(options.Data);
        using var logs = LoggerFactory.Create(logging => logging
            .AddProvider(new FileLogs(folder.LogFile))
            .AddProvider(new WarningLogs(screen))
            .SetMinimumLevel(LogLevel.Information)
            .AddFilter("Campaigns", LogLevel.Debug)
            .AddFilter("Npgsql", LogLevel.Warning)
            .AddFilter("Microsoft.AspNetCore", LogLevel.Warning));
        screen.Say("Starting PostgreSQL, the API with its silo, and the simulators of carrier and live model ...");
        await using var stack = await Stack.StartAsync(options, folder, logs, stop);
        using var stopOrLoss = CancellationTokenSource.CreateLinkedTokenSource(stop, stack.DatabaseLost);
        try
        {
            return await RunCampaignAsync(stack, folder, stopOrLoss.Token);
        }
        catch (Exception error) when (error is OperationCanceledException or ApiException && stack.DatabaseLost.IsCancellationRequested)
        {
            throw new StartException($"PostgreSQL has ended under the run; see {folder.LogFile}.", error);
        }
    }

    private async Task<Verdict> RunCampaignAsync(Stack stack, RunFolder folder, CancellationToken stopOrLoss)
    {
        ShowAddresses(stack, folder);
        using var api = new ApiClient(stack.Api, Account.Slug, stack.State.ApiKey);
        var campaign = await new Operator(api, options, screen).StartCampaignAsync(stopOrLoss);
        screen.Say();
        IProgressView view = screen.IsTerminal ? new LiveTable(screen) : new PlainProgress(screen, TimeProvider.System);
        var overview = await new Watch(api, view).UntilOverAsync(campaign, stopAtPause: options.Once, stopOrLoss);
        await stack.WhenCarrierIdleAsync(CarrierPatience, stopOrLoss);
        var verdict = await Verdict.OfAsync(api, campaign, overview, stack.Ledger.Entries, stack.State.Runs > 1, stopOrLoss);
        Summary.Print(screen, overview, verdict.Result);
        if (verdict.Sample is { } sample)
        {
            Transcript.Print(screen, sample, RecordingOf(sample.Call.Id, stack, folder));
        }

        verdict.Tell(screen);
        if (!options.Once)
        {
            screen.Say();
            var open = verdict.Result.Promised > 0 ? " and the campaign keeps its promises" : "";
            screen.Say($"Done. The API still serves {stack.Api}{open}; Ctrl-C stops everything.");
            await UntilAsync(stopOrLoss);
            stack.DatabaseLost.ThrowIfCancellationRequested();
        }

        return verdict;
    }

    private void ShowAddresses(Stack stack, RunFolder folder)
    {
        screen.Say($"API         {stack.Api}api/orgs/{Account.Slug}/   (described at {stack.Api}openapi/v1.json)");
        screen.Say($"API key     {stack.State.ApiKey}");
        screen.Say($"Carrier     {stack.Carrier}ledger   (every dial, as the simulated carrier saw it)");
        screen.Say($"Live model  {stack.Model}ledger   (every session, as the simulated model saw it)");
        screen.Say($"Data        {folder.Path}{(folder.IsTemporary ? "   (removed at the end)" : "")}");
    }

    private string RecordingOf(Guid call, Stack stack, RunFolder folder) =>
        folder.IsTemporary && options.Once ? "removed with the data; --data DIR keeps it"
        : folder.FindRecording(call) ?? $"{stack.Api}api/orgs/{Account.Slug}/sessions/{call}/recording";

    private static async Task UntilAsync(CancellationToken stop)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var registration = stop.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }
}
