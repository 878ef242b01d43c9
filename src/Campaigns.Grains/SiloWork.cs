using Campaigns.Calls;
using Campaigns.Carrier;

namespace Campaigns.Grains;

/// <summary>
/// What this silo has taken on, and whether it takes more. A silo that drains drives no campaign and dials nobody any more; it goes on serving
/// the media sockets of people whose phones ring, until it is closed. What is counted here is counted before the decision to let it in is
/// known, so that nothing slips in between "nothing is left" and the end.
/// </summary>
public sealed class SiloWork : IMediaGate
{
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _draining = new();
    private readonly Dictionary<Guid, int> _driven = [];
    private int _dials;
    private int _sockets;
    private bool _isDraining;
    private bool _isClosedToInbound;
    private bool _isClosed;

    /// <summary>Cancelled when the silo begins to drain.</summary>
    public CancellationToken Draining => _draining.Token;

    /// <summary>Whether the silo takes no new campaigns and dials.</summary>
    public bool IsDraining => Draining.IsCancellationRequested;

    /// <summary>The campaigns that are driven here.</summary>
    public IReadOnlyCollection<Guid> Driven
    {
        get
        {
            lock (_gate)
            {
                return [.. _driven.Keys];
            }
        }
    }

    /// <summary>Dials whose answer from the carrier has not been recorded yet.</summary>
    public int Dials
    {
        get
        {
            lock (_gate)
            {
                return _dials;
            }
        }
    }

    /// <summary>Media sockets that are open, from their handshake until their call's end is on record.</summary>
    public int Sockets
    {
        get
        {
            lock (_gate)
            {
                return _sockets;
            }
        }
    }

    /// <summary>A campaign is to be driven here. False: not on this silo.</summary>
    public bool TryDrive(Guid campaign)
    {
        lock (_gate)
        {
            if (_isDraining)
            {
                return false;
            }

            _driven[campaign] = _driven.GetValueOrDefault(campaign) + 1;
            return true;
        }
    }

    /// <summary>It is not driven here any more.</summary>
    public void EndDrive(Guid campaign)
    {
        lock (_gate)
        {
            if (_driven.GetValueOrDefault(campaign) > 1)
            {
                _driven[campaign]--;
            }
            else
            {
                _driven.Remove(campaign);
            }
        }
    }

    /// <summary>A dial is to be made here. False: not on this silo. <see cref="EndDial"/> must follow otherwise.</summary>
    public bool TryDial()
    {
        lock (_gate)
        {
            _dials += _isDraining ? 0 : 1;
            return !_isDraining;
        }
    }

    /// <summary>The dial's outcome, whatever it was, is on record.</summary>
    public void EndDial()
    {
        lock (_gate)
        {
            _dials--;
        }
    }

    /// <inheritdoc/>
    public IDisposable? TryEnter(CallDirection direction)
    {
        lock (_gate)
        {
            if (_isClosed || (_isClosedToInbound && direction == CallDirection.Inbound))
            {
                return null;
            }

            _sockets++;
            return new Entry(this);
        }
    }

    /// <summary>From here on no campaign is driven here and no dial made. Repeated, it does nothing.</summary>
    public void BeginDraining()
    {
        lock (_gate)
        {
            _isDraining = true;
        }

        // Outside the lock: orders that wait for their slot go on from here.
        _draining.Cancel();
    }

    /// <summary>Calls that come in are refused from here on.</summary>
    public void CloseToInbound()
    {
        lock (_gate)
        {
            _isClosedToInbound = true;
        }
    }

    /// <summary>Every media socket is refused from here on; those that are open stay.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
        }
    }

    /// <summary>Closes a draining silo if nothing is left on it, in one step.</summary>
    public bool TryClose()
    {
        lock (_gate)
        {
            _isClosed |= _isDraining && _dials == 0 && _sockets == 0;
            return _isClosed;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            _sockets--;
        }
    }

    private sealed class Entry(SiloWork work) : IDisposable
    {
        private int _isLeft;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _isLeft, 1) == 0)
            {
                work.Leave();
            }
        }
    }
}
