namespace Orleans.Serialization;

/// <summary>The root of what serialization throws.</summary>
public class SerializerException : Exception
{
    /// <summary>Makes an exception with a message.</summary>
    public SerializerException(string message)
        : base(message)
    {
    }
}

/// <summary>A value's type has no serializer, so it can cross no grain call.</summary>
public class CodecNotFoundException : SerializerException
{
    /// <summary>Makes an exception with a message.</summary>
    public CodecNotFoundException(string message)
        : base(message)
    {
    }
}
