namespace CarrierSimulator;

/// <summary>Which of the vendor's variants one call speaks.</summary>
internal sealed record MediaStyle(bool Camel, bool Numbers, bool EmptyString)
{
    public string StreamSid => Camel ? "streamSid" : "stream_sid";

    public string CallSid => Camel ? "callSid" : "call_sid";

    public string AccountSid => Camel ? "accountSid" : "account_sid";

    public string SequenceNumber => Camel ? "sequenceNumber" : "sequence_number";

    public string CustomParameters => Camel ? "customParameters" : "custom_parameters";

    public string MediaFormat => Camel ? "mediaFormat" : "media_format";

    public string SampleRate => Camel ? "sampleRate" : "sample_rate";

    public string BitRate => Camel ? "bitRate" : "bit_rate";

    /// <summary>Rotating options give eight calls in a row all eight combinations.</summary>
    public static MediaStyle Of(MediaOptions options, long sequence) => new(
        options.Names switch { MediaNames.SnakeCase => false, MediaNames.CamelCase => true, _ => sequence % 2 == 0 },
        options.Numbers switch { MediaNumbers.Strings => false, MediaNumbers.Numbers => true, _ => sequence / 2 % 2 == 1 },
        options.CustomParameters switch
        {
            MediaCustomParameters.Object => false,
            MediaCustomParameters.EmptyString => true,
            _ => sequence / 4 % 2 == 1,
        });
}
