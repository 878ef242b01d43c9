namespace Campaigns.Exotel.Tests.Media;

/// <summary>Messages as the carrier writes them.</summary>
internal static class Messages
{
    public const string Stop = """{"event":"stop","sequence_number":"20","stream_sid":"st-1","stop":{"call_sid":"ca-1","account_sid":"acme1","reason":"callended"}}""";

    public static string Start(string stream = "st-1", string call = "ca-1", string rate = "8000")
        => $$$"""
            {"event":"start","sequence_number":"1","stream_sid":"{{{stream}}}","start":{"stream_sid":"{{{stream}}}","call_sid":"{{{call}}}","account_sid":"acme1",
             "from":"09876543210","to":"08047112233","custom_parameters":{"a":"1"},
             "media_format":{"encoding":"audio/x-raw","sample_rate":"{{{rate}}}","bit_rate":"16"} } }
            """;

    public static string Media(ReadOnlySpan<byte> pcm)
        => $$$"""{"event":"media","sequence_number":"3","stream_sid":"st-1","media":{"chunk":"2","timestamp":"200","payload":"{{{Convert.ToBase64String(pcm)}}}"} }""";

    public static string Mark(string name) => $$$"""{"event":"mark","sequence_number":"15","stream_sid":"st-1","mark":{"name":"{{{name}}}"} }""";

    public static string Dtmf(string digit)
        => $$$"""{"event":"dtmf","sequence_number":"7","stream_sid":"st-1","dtmf":{"digit":"{{{digit}}}","duration":"100"} }""";

    /// <summary>Audio that repeats nothing, so that a shift or a loss shows.</summary>
    public static byte[] Pcm(int bytes, int seed = 1)
    {
        var pcm = new byte[bytes];
        new Random(seed).NextBytes(pcm);
        return pcm;
    }
}
