using System.Buffers;
using System.Collections;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;

namespace CarrierSimulator;

/// <summary>An object of the carrier's API: named values in order. A value is null, text, a number, an object or an array.</summary>
internal sealed class WireObject : IEnumerable<(string Name, object? Value)>
{
    private readonly List<(string Name, object? Value)> _fields = [];

    public void Add(string name, object? value) => _fields.Add((name, value));

    public IEnumerator<(string Name, object? Value)> GetEnumerator() => _fields.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}

/// <summary>An array; in XML each item is wrapped in <paramref name="ItemName"/>, or stands bare without one.</summary>
internal sealed record WireArray(string? ItemName, IReadOnlyList<WireObject> Items);

/// <summary>Renders an object as the carrier does: JSON as it is, XML under a TwilioResponse root.</summary>
internal static class WireFormat
{
    private static readonly JsonWriterOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly XmlWriterSettings s_xml = new() { Encoding = new UTF8Encoding(false), Indent = true };

    public static byte[] Json(WireObject body)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer, s_json))
        {
            WriteJson(writer, body);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public static byte[] Xml(WireObject body)
    {
        using var stream = new MemoryStream();
        using (var writer = XmlWriter.Create(stream, s_xml))
        {
            writer.WriteStartElement("TwilioResponse");
            WriteXml(writer, body);
            writer.WriteEndElement();
        }

        return stream.ToArray();
    }

    private static void WriteJson(Utf8JsonWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                writer.WriteNullValue();
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case int number:
                writer.WriteNumberValue(number);
                break;
            case WireArray array:
                writer.WriteStartArray();
                foreach (var item in array.Items)
                {
                    WriteJson(writer, item);
                }

                writer.WriteEndArray();
                break;
            case WireObject fields:
                writer.WriteStartObject();
                foreach (var (name, field) in fields)
                {
                    writer.WritePropertyName(name);
                    WriteJson(writer, field);
                }

                writer.WriteEndObject();
                break;
            default:
                throw new ArgumentException($"No wire form for {value.GetType()}.", nameof(value));
        }
    }

    private static void WriteXml(XmlWriter writer, object? value)
    {
        switch (value)
        {
            case null:
                break;
            case WireArray { ItemName: var itemName, Items: var items }:
                foreach (var item in items)
                {
                    if (itemName is not null)
                    {
                        writer.WriteStartElement(itemName);
                    }

                    WriteXml(writer, item);
                    if (itemName is not null)
                    {
                        writer.WriteEndElement();
                    }
                }

                break;
            case WireObject fields:
                foreach (var (name, field) in fields)
                {
                    writer.WriteStartElement(name);
                    WriteXml(writer, field);
                    writer.WriteEndElement();
                }

                break;
            default:
                writer.WriteValue(value);
                break;
        }
    }
}
