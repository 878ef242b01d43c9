namespace Campaigns.Grains;

/// <summary>
/// The orders of a campaign whose slots have not come. It lives in one grain: its members run one at a time.
/// </summary>
internal sealed class SlotWait
{
    private readonly List<DateTimeOffset> _left = [];
    private TaskCompletionSource? _allLeft;
    private DateTimeOffset _usedUntil;
    private int _waiting;

    /// <summary>Waits for the order's slot; when it is not to be waited for any more, gives the order back instead.</summary>
    /// <param name="order">The order.</param>
    /// <param name="clock">The time.</param>
    /// <param name="leave">Gives it back; false when it was not there any more.</param>
    /// <param name="draining">Nobody waits here any more.</param>
    /// <returns>Whether the order is to be dialled.</returns>
    internal async Task<bool> ComesAsync(DialOrder order, TimeProvider clock, Func<Task<bool>> leave, CancellationToken draining)
    {
        _waiting++;
        try
        {
            if (await WaitAsync(order.DialAt - clock.GetUtcNow(), clock, draining))
            {
                _usedUntil = order.DialAt > _usedUntil ? order.DialAt : _usedUntil;
                return true;
            }

            if (await leave())
            {
                _left.Add(order.DialAt);
            }

            return false;
        }
        finally
        {
            if (--_waiting == 0)
            {
                _allLeft?.TrySetResult();
            }
        }
    }

    /// <summary>Returns when no order waits.</summary>
    /// <returns>The first slot after the last one used whose order was given back, as all after it were; null when there is none.</returns>
    internal async Task<DateTimeOffset?> WhenLeftAsync(CancellationToken cancellationToken)
    {
        if (_waiting > 0)
        {
            _allLeft ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await _allLeft.Task.WaitAsync(cancellationToken);
        }

        return _left.Where(slot => slot > _usedUntil).Select(slot => (DateTimeOffset?)slot).Min();
    }

    private static async Task<bool> WaitAsync(TimeSpan wait, TimeProvider clock, CancellationToken draining)
    {
        if (wait > TimeSpan.Zero)
        {
            try
            {
                // A delay counts whole milliseconds and drops the rest: rounded up, it never ends before the slot.
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), clock, draining);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return !draining.IsCancellationRequested;
    }
}
