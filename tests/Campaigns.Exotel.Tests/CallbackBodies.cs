using System.Text;

namespace Campaigns.Exotel.Tests;

/// <summary>One callback in the three formats Exotel may send.</summary>
internal static class CallbackBodies
{
    public const string Boundary = "------------------------d74496d66958873e";

    public const string Json = """
        {"CallSid":"b6cfaf5f5cef3ca0fc937749ef96d245","EventType":"terminal","DateUpdated":"2026-03-02 17:30:05","Status":"completed",
         "RecordingUrl":"https://r.example/1.mp3","ConversationDuration":41,"Direction":"outbound-api","CustomField":"x",
         "Legs":[{"OnCallDuration":43,"Status":"completed","AnsweredBy":"NA","Cause":"NORMAL_CLEARING","DisconnectedBy":"user"}]}
        """;

    public const string Form =
        "CallSid=b6cfaf5f5cef3ca0fc937749ef96d245&EventType=terminal&DateUpdated=2026-03-02+17%3A30%3A05&Status=completed"
        + "&RecordingUrl=https%3A%2F%2Fr.example%2F1.mp3&ConversationDuration=41&Direction=outbound-api&CustomField=x"
        + "&Legs%5B0%5D%5BOnCallDuration%5D=43&Legs[0][Status]=completed&Legs[0][Cause]=NORMAL_CLEARING&Legs[0][DisconnectedBy]=user";

    public static readonly string Multipart = string.Concat(
        new (string Name, string Value)[]
        {
            ("CallSid", "b6cfaf5f5cef3ca0fc937749ef96d245"), ("EventType", "terminal"), ("DateUpdated", "2026-03-02 17:30:05"), ("Status", "completed"),
            ("RecordingUrl", "https://r.example/1.mp3"), ("ConversationDuration", "41"), ("Direction", "outbound-api"), ("CustomField", "x"),
            ("Legs[0][OnCallDuration]", "43"), ("Legs[0][Status]", "completed"), ("Legs[0][Cause]", "NORMAL_CLEARING"), ("Legs[0][DisconnectedBy]", "user"),
        }.Select(p => $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{p.Name}\"\r\n\r\n{p.Value}\r\n")) + $"--{Boundary}--\r\n";

    public static readonly (string ContentType, string Body)[] All =
    [
        ("application/json", Json),
        ("application/x-www-form-urlencoded", Form),
        ($"multipart/form-data; boundary={Boundary}", Multipart),
    ];

    public static Task<StatusCallbackResult> ReadAsync(string? contentType, string body, int limit = StatusCallbackReader.MaxBody)
        => ReadAsync(contentType, Encoding.UTF8.GetBytes(body), limit);

    public static Task<StatusCallbackResult> ReadAsync(string? contentType, byte[] body, int limit = StatusCallbackReader.MaxBody)
        => StatusCallbackReader.ReadAsync(contentType, new MemoryStream(body), limit, CancellationToken.None);
}
