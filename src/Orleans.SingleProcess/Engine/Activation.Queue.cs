namespace Orleans.SingleProcess;

/// <summary>Which request may run now, and which waits.</summary>
internal sealed partial class Activation
{
    private Request? _firstWaiting;
    private Request? _lastWaiting;

    // How many of those may interleave with something: without any, the queue need not be searched past its head.
    private int _flexibleWaiting;

    // Whose await keeps others out; null also while only interleaving requests run.
    private Request? _blocking;
    private int _running;
    private List<Request>? _alsoRunning;

    /// <summary>Takes a request, to run now or when the rules allow; false when the activation is gone.</summary>
    internal bool Receive(Request request)
    {
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return false;
            }

            if (_state == State.Active && MayRun(request))
            {
                Admit(request);
            }
            else if (!(request.LocalOnly && _state == State.Deactivating))
            {
                AddWaiting(request);
            }

            return true;
        }
    }

    /// <summary>Makes way for the next; false when the activation was killed meanwhile and the request failed with it.</summary>
    internal bool OnFinished(Request request)
    {
        lock (_lock)
        {
            if (_state == State.Dead)
            {
                return !IsKilled;
            }

            _running--;
            _alsoRunning?.Remove(request);
            if (request.KeepsAlive)
            {
                _lastUsed = Silo.Time.GetTimestamp();
            }

            if (_blocking is null || ReferenceEquals(_blocking, request))
            {
                _blocking = null;
            }

            if (_state == State.Active)
            {
                AdmitWaiting();
            }
            else if (_state == State.Deactivating && _running == 0)
            {
                Post(StartEnding);
            }

            return true;
        }
    }

    /// <summary>Orleans' rule: alone, or next to whom it may interleave with.</summary>
    private bool MayRun(Request request) =>
        _running == 0 || request.AlwaysInterleave || _blocking is null || Class.Reentrant || (_blocking.ReadOnly && request.ReadOnly);

    private void Admit(Request request)
    {
        _running++;
        if (_blocking is null && !request.AlwaysInterleave)
        {
            _blocking = request;
        }
        else
        {
            (_alsoRunning ??= []).Add(request);
        }

        Enqueue(request);
    }

    private void AdmitWaiting()
    {
        Request? previous = null;
        for (var request = _firstWaiting; request is not null;)
        {
            var next = request.NextWaiting;
            var over = request.IsOver;
            if (!over && !MayRun(request))
            {
                if (_flexibleWaiting == 0)
                {
                    return;
                }

                previous = request;
                request = next;
                continue;
            }

            if (previous is null)
            {
                _firstWaiting = next;
            }
            else
            {
                previous.NextWaiting = next;
            }

            if (next is null)
            {
                _lastWaiting = previous;
            }

            request.NextWaiting = null;
            _flexibleWaiting -= IsFlexible(request);
            if (!over)
            {
                Admit(request);
            }

            request = next;
        }
    }

    private static int IsFlexible(Request request) => request.AlwaysInterleave || request.ReadOnly ? 1 : 0;

    private void AddWaiting(Request request)
    {
        _flexibleWaiting += IsFlexible(request);
        if (_lastWaiting is null)
        {
            _firstWaiting = request;
        }
        else
        {
            _lastWaiting.NextWaiting = request;
        }

        _lastWaiting = request;
    }

    private List<Request> TakeWaiting()
    {
        List<Request> waiting = [];
        for (var request = _firstWaiting; request is not null;)
        {
            var next = request.NextWaiting;
            request.NextWaiting = null;
            waiting.Add(request);
            request = next;
        }

        _firstWaiting = _lastWaiting = null;
        _flexibleWaiting = 0;
        return waiting;
    }
}
