namespace Campaigns.Grains.Tests.Bed;

/// <summary>One call of a grain or background service to a port: a store or the carrier.</summary>
internal sealed class PortCall(int number, string silo, string method, object?[] arguments, DateTimeOffset beganAt)
{
    /// <summary>Its place on the tape, from 0.</summary>
    public int Number { get; } = number;

    /// <summary>Who called.</summary>
    public string Silo { get; } = silo;

    /// <summary><c>Port.Method</c>.</summary>
    public string Method { get; } = method;

    public object?[] Arguments { get; } = arguments;

    /// <summary>The fake time of the call.</summary>
    public DateTimeOffset BeganAt { get; } = beganAt;

    /// <summary>Whether a test keeps it from going on.</summary>
    public bool Held { get; set; }

    public bool Ended { get; set; }

    public object? Result { get; set; }

    public Exception? Failure { get; set; }

    /// <summary>The first argument of that type.</summary>
    public T Argument<T>() => Arguments.OfType<T>().First();

    public override string ToString()
        => $"{BeganAt:HH:mm:ss.ffffff} {Silo} {Method}{(Held ? " (held)" : Ended ? $" = {Failure?.GetType().Name ?? Result}" : " …")}";
}
