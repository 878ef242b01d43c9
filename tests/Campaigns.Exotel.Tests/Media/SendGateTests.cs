using Campaigns.Exotel.Media;

namespace Campaigns.Exotel.Tests.Media;

/// <summary>One at a time, in order, nobody forgotten.</summary>
public sealed class SendGateTests
{
    [Fact]
    public async Task Enter_WhenManyComeAndSomeGiveUp_OneIsInAtATimeAndAllComeThrough()
    {
        const int Workers = 8;
        const int Rounds = 2_000;
        var gate = new SendGate();
        var inside = 0;
        var together = 0;
        var entered = 0;
        var gaveUp = 0;
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(async () =>
        {
            var random = new Random(worker);
            for (var i = 0; i < Rounds; i++)
            {
                using var cancel = new CancellationTokenSource();
                var turn = gate.EnterAsync(random.Next(2) == 0 ? cancel.Token : CancellationToken.None);
                if (random.Next(3) == 0)
                {
                    _ = Task.Run(cancel.Cancel);
                }

                try
                {
                    await turn;
                }
                catch (OperationCanceledException)
                {
                    Interlocked.Increment(ref gaveUp);
                    continue;
                }

                if (Interlocked.Increment(ref inside) != 1)
                {
                    Interlocked.Increment(ref together);
                }

                entered++;
                if (random.Next(4) == 0)
                {
                    await Task.Yield();
                }

                Interlocked.Decrement(ref inside);
                gate.Exit();
            }
        }))).WaitAsync(MediaRig.Patience);

        Assert.Equal(0, together);

        // Not an interlocked count: it adds up because one is in at a time.
        Assert.Equal(Workers * Rounds, entered + gaveUp);
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Enter_WhenTakenSeveralTimes_IsInTheOrderOfTheCalls()
    {
        var gate = new SendGate();
        await gate.EnterAsync(CancellationToken.None);
        using var cancel = new CancellationTokenSource();
        var turns = Enumerable.Range(0, 5).Select(i => gate.EnterAsync(i is 0 or 2 or 4 ? cancel.Token : CancellationToken.None).AsTask()).ToArray();
        await cancel.CancelAsync();
        foreach (var i in (int[])[0, 2, 4])
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => turns[i].WaitAsync(MediaRig.Patience));
        }

        gate.Exit();
        await turns[1].WaitAsync(MediaRig.Patience);
        Assert.False(turns[3].IsCompleted);
        gate.Exit();
        await turns[3].WaitAsync(MediaRig.Patience);
        gate.Exit();
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
    }

    [Fact]
    public async Task Enter_WhenCancelledBefore_TakesNoTurn()
    {
        var gate = new SendGate();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await gate.EnterAsync(new CancellationToken(canceled: true)));
        Assert.True(gate.EnterAsync(CancellationToken.None).IsCompletedSuccessfully);
    }
}
