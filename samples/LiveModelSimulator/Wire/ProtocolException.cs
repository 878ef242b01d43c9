namespace LiveModelSimulator;

/// <summary>The platform's reason to close the socket, or to answer 400 to a request.</summary>
internal sealed class ProtocolException(int code, string message) : Exception(message)
{
    /// <summary>WebSocket close code.</summary>
    public int Code => code;

    public static ProtocolException Invalid(string message) => new(1007, message);
}
