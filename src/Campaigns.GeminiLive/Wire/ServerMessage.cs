using Campaigns.LiveModel;

namespace Campaigns.GeminiLive.Wire;

/// <summary>A tool call as it came.</summary>
/// <param name="Id">The platform's id; null if it gave none.</param>
/// <param name="Name">The tool.</param>
/// <param name="ArgumentsJson">A JSON object.</param>
internal readonly record struct WireCall(string? Id, string Name, string ArgumentsJson);

/// <summary>
/// What one message of the platform holds. Every field stands on its own: a message may hold several. One instance serves a connection, so
/// that audio costs no allocation.
/// </summary>
internal sealed class ServerMessage : IDisposable
{
    private int carried;

    /// <summary>The setup is confirmed.</summary>
    internal bool SetupComplete { get; set; }

    /// <summary>The message holds something of a model's turn: audio, text, thoughts.</summary>
    internal bool ModelTurn { get; set; }

    /// <summary>Fragment of what the person said.</summary>
    internal string? Heard { get; set; }

    /// <summary>Fragment of what the agent says.</summary>
    internal string? Spoken { get; set; }

    /// <summary>The person cut in.</summary>
    internal bool Interrupted { get; set; }

    /// <summary>The model has generated its turn.</summary>
    internal bool GenerationComplete { get; set; }

    /// <summary>The turn is over.</summary>
    internal bool TurnComplete { get; set; }

    /// <summary>Why the turn is over, in the platform's word.</summary>
    internal string? TurnCompleteReason { get; set; }

    /// <summary>Tool calls.</summary>
    internal List<WireCall> Calls { get; } = [];

    /// <summary>The platform's ids of calls taken back.</summary>
    internal List<string> CancelledIds { get; } = [];

    /// <summary>The connection will be ended after this; null if not said.</summary>
    internal TimeSpan? TimeLeft { get; set; }

    /// <summary>There is news of the session's handle.</summary>
    internal bool ResumptionUpdate { get; set; }

    /// <summary>The conversation could be resumed from <see cref="NewHandle"/>.</summary>
    internal bool Resumable { get; set; }

    /// <summary>The handle.</summary>
    internal string? NewHandle { get; set; }

    /// <summary>Tokens.</summary>
    internal LiveUsage? Usage { get; set; }

    /// <summary>Parts whose audio could not be taken: not base64.</summary>
    internal int BrokenAudio { get; set; }

    /// <summary>Mime type of a part that is not 24 kHz PCM; null if there was none.</summary>
    internal string? ForeignAudio { get; set; }

    /// <summary>Audio of all parts joined, preceded by the odd byte of the message before.</summary>
    internal PooledBuffer Sound { get; } = new(16 * 1024);

    /// <summary>The whole samples of <see cref="Sound"/>: PCM16 little-endian, mono, 24 kHz.</summary>
    internal ReadOnlySpan<byte> Audio => Sound.Written[..(Sound.Length & ~1)];

    /// <summary>Empties it for the next message; an odd byte of audio is carried over to it.</summary>
    internal void Next()
    {
        if ((Sound.Length & 1) == 1)
        {
            Sound.KeepLast(1);
            carried = 1;
        }
        else
        {
            Sound.Clear();
            carried = 0;
        }

        ClearFields();
    }

    /// <summary>Takes back everything that was read of a message that turned out broken.</summary>
    internal void Undo()
    {
        Sound.Truncate(carried);
        ClearFields();
    }

    /// <summary>Forgets a carried byte: the turn it belongs to is over.</summary>
    internal void EndSound() => Sound.Clear();

    /// <inheritdoc/>
    public void Dispose() => Sound.Dispose();

    private void ClearFields()
    {
        SetupComplete = ModelTurn = Interrupted = GenerationComplete = TurnComplete = ResumptionUpdate = Resumable = false;
        Heard = Spoken = TurnCompleteReason = NewHandle = ForeignAudio = null;
        TimeLeft = null;
        Usage = null;
        BrokenAudio = 0;
        Calls.Clear();
        CancelledIds.Clear();
    }
}
