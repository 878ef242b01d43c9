using System.Xml;

namespace Campaigns.Exotel;

/// <summary>
/// Reads an XML answer (<c>TwilioResponse</c>) into fields, the root's name left out. Sends nothing to anybody: no DTD, no entities.
/// </summary>
internal static class XmlFields
{
    private const int MaxDepth = 16;

    /// <summary>The fields, or null when the text is no XML (or is too deep or too large).</summary>
    internal static ExotelFields? TryRead(ReadOnlyMemory<byte> bytes)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
            IgnoreWhitespace = true,
        };
        try
        {
            using var reader = XmlReader.Create(new MemoryStream(bytes.ToArray(), writable: false), settings);
            var fields = new ExotelFields();
            var path = new List<string>();
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element)
                {
                    path.RemoveRange(reader.Depth, path.Count - reader.Depth);
                    path.Add(reader.LocalName);
                    if (path.Count > MaxDepth)
                    {
                        return null;
                    }
                }
                else if (reader.NodeType is XmlNodeType.Text or XmlNodeType.CDATA && reader.Depth > 1)
                {
                    var name = path[1] + string.Concat(path.Take(reader.Depth).Skip(2).Select(part => $"[{part}]"));
                    if (!fields.Add(name, reader.Value))
                    {
                        return null;
                    }
                }
            }

            return fields;
        }
        catch (XmlException)
        {
            return null;
        }
    }
}
