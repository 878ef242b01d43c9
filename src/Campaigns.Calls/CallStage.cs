namespace Campaigns.Calls;

/// <summary>
/// Where a call is. Any stage may go to <see cref="Ended"/>, and every stage from <see cref="Opening"/> to <see cref="Closing"/> to
/// <see cref="Apologising"/> when the model is lost or the call has to be cut off.
/// <code>
/// Waiting ─begin─▶ Opening ─model ready─▶ Talking ⇄ Closing ─played out─▶ Ended
///                     └─▶ Hello ─hello─▶┘   └─▶ AwaitBeep ─beep─▶ Message ─played out─▶ Ended
/// </code>
/// </summary>
internal enum CallStage
{
    /// <summary>The stream has begun; nobody has taken the call over.</summary>
    Waiting,

    /// <summary>The model's session is being opened.</summary>
    Opening,

    /// <summary>The agent waits for a hello.</summary>
    Hello,

    /// <summary>They talk.</summary>
    Talking,

    /// <summary>The agent has ended the call and finishes what it says.</summary>
    Closing,

    /// <summary>A machine talks; its beep is waited for.</summary>
    AwaitBeep,

    /// <summary>A message is being left.</summary>
    Message,

    /// <summary>The call cannot go on; the person is told so.</summary>
    Apologising,

    /// <summary>It is over.</summary>
    Ended,
}
