using System.Text.Encodings.Web;
using System.Text.Json;

namespace Campaigns.Domain.Tools;

/// <summary>How JSON for the model is written and read.</summary>
internal static class ToolJson
{
    /// <summary>Letters of every script as they are: escapes would only cost tokens. It never stands in HTML.</summary>
    internal static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Depth at which reading gives up.</summary>
    internal static readonly JsonDocumentOptions Reading = new() { MaxDepth = 16, AllowTrailingCommas = true };
}
