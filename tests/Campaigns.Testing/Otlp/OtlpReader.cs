using System.Collections.Immutable;
using System.Text;

namespace Campaigns.Testing.Otlp;

/// <summary>A span as it was sent. Ids are lower-case hexadecimal; a span without a parent has an empty one.</summary>
public sealed record OtlpSpan(
    string Service, string Scope, string TraceId, string SpanId, string ParentId, string Name, ulong Begun, ulong Ended,
    ImmutableDictionary<string, string> Tags, ImmutableArray<string> Events, ImmutableArray<(string TraceId, string SpanId)> Links, bool Failed);

/// <summary>A measure as it was sent.</summary>
public sealed record OtlpMetric(string Scope, string Name, string Unit);

/// <summary>Reads the few fields of OTLP messages that tests look at.</summary>
public static class OtlpReader
{
    public static IEnumerable<OtlpSpan> Spans(byte[] request)
        => from resource in Fields(request, 1)
           let service = Fields(resource, 1).SelectMany(r => Pairs(r, 1)).FirstOrDefault(p => p.Key == "service.name").Value ?? ""
           from scope in Fields(resource, 2)
           let name = Text(Fields(scope, 1).SelectMany(s => Fields(s, 1)))
           from span in Fields(scope, 2)
           select Span(service, name, span);

    public static IEnumerable<OtlpMetric> Metrics(byte[] request)
        => from resource in Fields(request, 1)
           from scope in Fields(resource, 2)
           let name = Text(Fields(scope, 1).SelectMany(s => Fields(s, 1)))
           from metric in Fields(scope, 2)
           select new OtlpMetric(name, Text(Fields(metric, 1)), Text(Fields(metric, 3)));

    private static OtlpSpan Span(string service, string scope, byte[] span) => new(
        service,
        scope,
        Hex(Fields(span, 1)),
        Hex(Fields(span, 2)),
        Hex(Fields(span, 4)),
        Text(Fields(span, 5)),
        Number(span, 7),
        Number(span, 8),
        Pairs(span, 9).ToImmutableDictionary(),
        [.. Fields(span, 11).Select(e => Text(Fields(e, 2)))],
        [.. Fields(span, 13).Select(l => (Hex(Fields(l, 1)), Hex(Fields(l, 2))))],
        Fields(span, 15).Any(status => Number(status, 3) == 2));

    private static IEnumerable<KeyValuePair<string, string>> Pairs(byte[] message, int field)
        => Fields(message, field).Select(pair => KeyValuePair.Create(
            Text(Fields(pair, 1)),
            Fields(pair, 2).Select(value => Text(Fields(value, 1)) is { Length: > 0 } text ? text : Number(value, 3).ToString()).FirstOrDefault() ?? ""));

    private static string Text(IEnumerable<byte[]> values) => values.Select(Encoding.UTF8.GetString).FirstOrDefault() ?? "";

    private static string Hex(IEnumerable<byte[]> values) => Convert.ToHexStringLower(values.FirstOrDefault() ?? []);

    private static IEnumerable<byte[]> Fields(byte[] message, int number)
        => All(message).Where(f => f.Number == number && f.Bytes is not null).Select(f => f.Bytes!);

    private static ulong Number(byte[] message, int number) => All(message).FirstOrDefault(f => f.Number == number && f.Bytes is null).Value;

    private static IEnumerable<(int Number, byte[]? Bytes, ulong Value)> All(byte[] message)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message, ref at);
            var number = (int)(key >> 3);
            switch (key & 7)
            {
                case 0:
                    yield return (number, null, Varint(message, ref at));
                    break;
                case 1:
                    yield return (number, null, BitConverter.ToUInt64(message, at));
                    at += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref at);
                    yield return (number, message[at..(at + length)], 0);
                    at += length;
                    break;
                case 5:
                    yield return (number, null, BitConverter.ToUInt32(message, at));
                    at += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {key & 7} at {at}.");
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }
}
