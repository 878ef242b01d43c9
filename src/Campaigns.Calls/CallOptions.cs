namespace Campaigns.Calls;

/// <summary>How calls are held in this process. What a campaign decides for itself is in <see cref="VoicePolicy"/>.</summary>
public sealed class CallOptions
{
    /// <summary>How many sessions may be open for calls that still ring. Default 200. Keep it below what the model's account allows at once.</summary>
    public int MaxPrepared { get; set; } = 200;

    /// <summary>How long a session is kept for a call that is not answered. Default 2 min, well within a connection's ten.</summary>
    public TimeSpan PreparedLifetime { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a session that could not be opened stands for itself before it is tried again while ringing. Default 30 s.</summary>
    public TimeSpan FailedPreparationMemory { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long an answered call waits for the model, from the start of the stream, one more try included. Default 6 s.</summary>
    public TimeSpan ModelPatience { get; set; } = TimeSpan.FromSeconds(6);

    /// <summary>Pause before the second try. Default 250 ms.</summary>
    public TimeSpan ModelRetryPause { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a leg waits to be taken over. Default 15 s; then it is closed.</summary>
    public TimeSpan BeginPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest a tool may take before the model is told that it failed. Default 10 s.</summary>
    public TimeSpan ToolTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest that one event may hold up those behind it. Default 10 s; the end of a call gets three times as long.</summary>
    public TimeSpan EventTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest from the answer to the last tool call to the hang-up, however much is still to be said. Default 10 s.</summary>
    public TimeSpan ClosingLimit { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How long a model that says nothing more after it has ended the call, and does not end its turn, is waited for once all is played.
    /// Default 1.5 s. Longer leaves room for a goodbye after the tool call.
    /// </summary>
    public TimeSpan ClosingQuiet { get; set; } = TimeSpan.FromMilliseconds(1500);

    /// <summary>
    /// How long the line stays open in silence after the person cut into a goodbye and was answered. Default 5 s; the agent may also end
    /// the call again.
    /// </summary>
    public TimeSpan ReopenedQuiet { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for a machine's beep or silence; then the message is said. Default 30 s.</summary>
    public TimeSpan BeepPatience { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Silence of a machine that counts as its beep. Default 2 s.</summary>
    public TimeSpan MachineSilence { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest message to a machine, from the beep to its end. Default 90 s.</summary>
    public TimeSpan MessageLimit { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>
    /// How late audio of an interrupted turn may come. Default 1 s: later audio, or such that comes after a pause, is taken for a new turn,
    /// should the model have left out that the old one is over.
    /// </summary>
    public TimeSpan InterruptedTail { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the model may owe an answer before it is nudged, and again before it is given up. Default 8 s.</summary>
    public TimeSpan ModelStall { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>Longest turn of the agent as heard. Default 90 s; then the model is taken to be stuck.</summary>
    public TimeSpan LongestTurn { get; set; } = TimeSpan.FromSeconds(90);

    /// <summary>Most audio of one turn without a word of transcript. Default 30 s: a voice that has become a tone has no words.</summary>
    public TimeSpan UntranscribedAudio { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long after all is played a turn may stay open. Default 5 s; then it is closed here.</summary>
    public TimeSpan TurnEndPatience { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest reconnection of the model. Default 15 s; then the call ends with an apology.</summary>
    public TimeSpan ReconnectPatience { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the carrier may send nothing at all. Default 20 s: a live stream carries silence as sound.</summary>
    public TimeSpan LegStall { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest apology, from its decision to the hang-up. Default 8 s.</summary>
    public TimeSpan ApologyLimit { get; set; } = TimeSpan.FromSeconds(8);

    /// <summary>How long each of the sockets and the recording is waited for at the end of a call. Default 5 s.</summary>
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Step of the one timer of all calls. Default 10 ms, 5–10 ms.</summary>
    public TimeSpan Granularity { get; set; } = TimeSpan.FromMilliseconds(10);

    /// <summary>Length of a chunk for the carrier, a multiple of 20 ms. Default 100 ms. Raise it if the carrier stutters on small ones.</summary>
    public TimeSpan Chunk { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How much unplayed audio the carrier may hold. Default 200 ms, at least a chunk.</summary>
    public TimeSpan Lead { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How much of an utterance must have come before it begins; grows on underruns. Default 100 ms.</summary>
    public TimeSpan Prebuffer { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>What the prebuffer grows to at most. Default 400 ms.</summary>
    public TimeSpan MaxPrebuffer { get; set; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How much of the agent's audio may wait here, per call. Default 2 min; what exceeds it is dropped and counted.</summary>
    public TimeSpan MaxBuffered { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Folder of the recordings, <c>{yyyy}/{MM}/{dd}/{session}.wav</c> beneath it; null records nothing. Default null.</summary>
    public string? RecordingFolder { get; set; }
}
