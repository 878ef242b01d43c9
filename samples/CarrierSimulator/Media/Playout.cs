using System.Buffers;
using System.Runtime.InteropServices;

namespace CarrierSimulator;

/// <summary>
/// Audio and marks that wait to be played to the person. A chunk is what came in one message: once begun it is played to its end.
/// </summary>
internal sealed class Playout
{
    private readonly Queue<(short[]? Audio, int Length, string Mark)> _items = new();
    private int _played;

    /// <summary>Samples that wait.</summary>
    public int Waiting { get; private set; }

    public void Add(ReadOnlySpan<byte> pcm)
    {
        var samples = MemoryMarshal.Cast<byte, short>(pcm);
        if (samples.IsEmpty)
        {
            return;
        }

        var audio = ArrayPool<short>.Shared.Rent(samples.Length);
        samples.CopyTo(audio);
        _items.Enqueue((audio, samples.Length, ""));
        Waiting += samples.Length;
    }

    public void AddMark(string name) => _items.Enqueue((null, 0, name));

    /// <summary>Plays the next samples, silence where there are none, and names the marks whose audio is through.</summary>
    /// <returns>How many samples were audio.</returns>
    public int Play(Span<short> heard, List<string> marks)
    {
        var filled = 0;
        while (_items.TryPeek(out var item))
        {
            if (item.Audio is null)
            {
                marks.Add(item.Mark);
                _items.Dequeue();
                continue;
            }

            if (filled == heard.Length)
            {
                break;
            }

            var count = Math.Min(item.Length - _played, heard.Length - filled);
            item.Audio.AsSpan(_played, count).CopyTo(heard[filled..]);
            filled += count;
            _played += count;
            if (_played == item.Length)
            {
                Drop();
            }
        }

        Waiting -= filled;
        heard[filled..].Clear();
        return filled;
    }

    /// <summary>Drops every chunk that has not begun, and all marks.</summary>
    /// <returns>How many samples were dropped.</returns>
    public int Clear(List<string> marks)
    {
        var before = Waiting;
        var began = _played > 0 ? _items.Dequeue() : default;
        while (_items.TryDequeue(out var item))
        {
            if (item.Audio is null)
            {
                marks.Add(item.Mark);
            }
            else
            {
                ArrayPool<short>.Shared.Return(item.Audio);
            }
        }

        Waiting = 0;
        if (began.Audio is not null)
        {
            _items.Enqueue(began);
            Waiting = began.Length - _played;
        }

        return before - Waiting;
    }

    private void Drop()
    {
        ArrayPool<short>.Shared.Return(_items.Dequeue().Audio!);
        _played = 0;
    }
}
