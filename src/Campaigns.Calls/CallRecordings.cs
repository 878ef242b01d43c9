namespace Campaigns.Calls;

/// <summary>Opens the recordings of calls.</summary>
internal sealed class CallRecordings(string? folder, TimeProvider time, Action<Exception, Guid> failed)
{
    internal ICallRecording? Open(Guid sessionId, int rate, DateTimeOffset startedAt)
    {
        _ = (folder, time, failed, sessionId, rate, startedAt);
        return null;
    }
}
