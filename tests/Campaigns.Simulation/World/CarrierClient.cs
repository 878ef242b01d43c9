using Campaigns.Carrier;
using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;

namespace Campaigns.Simulation.World;

/// <summary>A process's way to the carrier, with the promises of the adapter: sent before its time or not at all, and never twice.</summary>
internal sealed class CarrierClient(SimulatedWorld world, Port port) : ICarrier
{
    private readonly ModelCarrierPermits _permits = new(world.Database);

    public async Task<PlaceCallResult> PlaceCallAsync(PlaceCallRequest request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        await port.BeforeDialAsync();
        if (port.Silo.Clock.GetUtcNow() >= request.SendBefore)
        {
            return new PlaceCallResult.NotSent("Too late: the time to send had passed.");
        }

        world.Judge.OnSent(request.SessionId);
        var result = await SendAsync(request);
        if (world.Scenario.Bugs.HasFlag(PlantedBugs.RedialOnTimeout) && result is PlaceCallResult.Ambiguous)
        {
            result = await SendAsync(request);
        }

        if (result is PlaceCallResult.RejectedForNow refused)
        {
            await ReportThrottledAsync(refused.RetryAfter);
        }

        return result;
    }

    public Task<IReadOnlyList<CarrierCall>> LookUpAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
        => AskAsync(PortMethod.LookUp, () => world.Carrier.LookUp(sids), cancellationToken);

    public Task<IReadOnlyList<CarrierCall>> FindAsync(
        string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
        => AskAsync(PortMethod.Find, () => world.Carrier.Find(phone, from, to), cancellationToken);

    private async Task<PlaceCallResult> SendAsync(PlaceCallRequest request)
    {
        var fate = world.Carrier.DrawFate();
        if (fate == DialFate.RequestLost)
        {
            await Task.Delay(world.Scenario.Drive.Timings.SendTimeout, port.Silo.Clock);
            return new PlaceCallResult.Ambiguous("No answer within the time allowed.");
        }

        PlaceCallResult answer;
        try
        {
            answer = await port.CallAsync(
                PortMethod.PlaceCall, () => Task.FromResult(world.Carrier.Place(request, fate)), most: TimeSpan.FromSeconds(3));
        }
        catch (IOException error)
        {
            return new PlaceCallResult.Ambiguous($"Connection broke after sending: {error.Message}");
        }

        if (fate == DialFate.AnswerLost)
        {
            await Task.Delay(world.Scenario.Drive.Timings.SendTimeout, port.Silo.Clock);
            return new PlaceCallResult.Ambiguous("No answer within the time allowed.");
        }

        return answer;
    }

    private async Task ReportThrottledAsync(TimeSpan? retryAfter)
    {
        try
        {
            await port.CallAsync(PortMethod.ReportThrottled, () =>
            {
                _permits.ReportThrottled(SimulatedWorld.Account, retryAfter, port.Silo.Clock.GetUtcNow());
                return Task.FromResult(true);
            });
        }
        catch (IOException)
        {
            // The answer of this call stands all the same.
        }
    }

    private async Task PermitAsync(CancellationToken cancellationToken)
    {
        var now = port.Silo.Clock.GetUtcNow();
        if (await port.CallAsync(PortMethod.BookPermit, () => Task.FromResult(_permits.Book(SimulatedWorld.Account, now))) is not { } slot)
        {
            throw new CarrierLookUpException("No permit is to be had within a few seconds.");
        }

        if (slot > now)
        {
            await Task.Delay(slot - now, port.Silo.Clock, cancellationToken);
        }
    }

    private async Task<IReadOnlyList<CarrierCall>> AskAsync(
        PortMethod method, Func<IReadOnlyList<CarrierCall>> ask, CancellationToken cancellationToken)
    {
        try
        {
            await PermitAsync(cancellationToken);
            return await port.CallAsync(
                method, () => world.IsCarrierDown ? throw new CarrierLookUpException("The carrier answers 503.") : Task.FromResult(ask()));
        }
        catch (IOException error)
        {
            throw new CarrierLookUpException("The carrier could not be asked.", inner: error);
        }
    }
}
