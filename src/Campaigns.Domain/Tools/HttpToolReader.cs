using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using Campaigns.Domain.Validation;

namespace Campaigns.Domain.Tools;

/// <summary>Reads an agent's own tools, telling every error.</summary>
internal static class HttpToolReader
{
    private const string Root = "settings." + AgentHttpTool.SettingsKey;
    private const int LongestUrl = 2_000;
    private const int LongestDescription = 1_000;
    private const int LongestName = 63;
    private const int MostHeaders = 20;
    private const int LongestHeader = 2_000;

    private static readonly FrozenSet<string> Members =
        "name description parameters url method headers timeoutSeconds".Split(' ').ToFrozenSet(StringComparer.Ordinal);

    // Set by the client itself; set by hand they would make two requests of one, or send it elsewhere.
    private static readonly FrozenSet<string> OwnHeaders =
        ("host content-length content-type transfer-encoding connection keep-alive upgrade te trailer expect proxy-authorization proxy-connection "
        + "forwarded x-forwarded-for x-forwarded-host").Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    internal static ImmutableArray<AgentHttpTool> Read(JsonElement list, bool allowPlainHttp, ErrorList errors)
    {
        if (list.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined)
        {
            return [];
        }

        if (list.ValueKind != JsonValueKind.Array)
        {
            errors.If(true, Root, "must be a list of tools");
            return [];
        }

        errors.If(list.GetArrayLength() > AgentHttpTool.MostTools, Root, $"has more than {AgentHttpTool.MostTools} tools");
        var tools = ImmutableArray.CreateBuilder<AgentHttpTool>();
        var names = new HashSet<string>(ToolNames.All, StringComparer.OrdinalIgnoreCase);
        foreach (var (index, item) in list.EnumerateArray().Take(AgentHttpTool.MostTools).Index())
        {
            var path = $"{Root}[{index}]";
            var own = new ErrorList();
            var tool = Readable(item, path, allowPlainHttp, names, own);
            if (tool is not null && own.ToImmutable().IsEmpty)
            {
                tools.Add(tool);
            }

            errors.AddRange(own.ToImmutable());
        }

        return tools.ToImmutable();
    }

    private static AgentHttpTool? Readable(JsonElement item, string path, bool allowPlainHttp, HashSet<string> names, ErrorList errors)
    {
        try
        {
            return Tool(item, path, allowPlainHttp, names, errors);
        }
        catch (InvalidOperationException)
        {
            // What System.Text.Json throws for an escape of half a character, such as \ud800.
            errors.If(true, path, "contains half a character (a lone surrogate)");
            return null;
        }
    }

    private static AgentHttpTool? Tool(JsonElement item, string path, bool allowPlainHttp, HashSet<string> names, ErrorList errors)
    {
        if (item.ValueKind != JsonValueKind.Object)
        {
            errors.If(true, path, "must be an object");
            return null;
        }

        foreach (var member in item.EnumerateObject().Where(m => !Members.Contains(m.Name)))
        {
            errors.If(true, $"{path}.{Short(member.Name)}", "is not a setting of a tool");
        }

        var name = Text(item, "name", path, LongestName, errors);
        if (name.Length > 0)
        {
            var wellFormed = (char.IsAsciiLetter(name[0]) || name[0] == '_') && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');
            errors.If(!wellFormed, $"{path}.name", "may have only letters, digits and underscores, and begins with no digit");
            errors.If(!names.Add(name), $"{path}.name", "is the name of another tool");
        }

        return new AgentHttpTool
        {
            Name = name,
            Description = Text(item, "description", path, LongestDescription, errors),
            ParametersJson = ToolSchema.Read(Member(item, "parameters"), $"{path}.parameters", errors),
            Url = Url(Text(item, "url", path, LongestUrl, errors), $"{path}.url", allowPlainHttp, errors),
            Method = Method(Member(item, "method"), $"{path}.method", errors),
            Headers = Headers(Member(item, "headers"), $"{path}.headers", errors),
            Timeout = Timeout(Member(item, "timeoutSeconds"), $"{path}.timeoutSeconds", errors),
        };
    }

    private static Uri Url(string text, string path, bool allowPlainHttp, ErrorList errors)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var url) || url.Host.Length == 0)
        {
            errors.If(text.Length > 0, path, "is no absolute address");
            return new Uri("https://invalid.invalid/");
        }

        var plain = url.Scheme.Equals(Uri.UriSchemeHttp, StringComparison.Ordinal);
        errors.If(!url.Scheme.Equals(Uri.UriSchemeHttps, StringComparison.Ordinal) && !(plain && allowPlainHttp), path, "must begin with https://");
        errors.If(url.UserInfo.Length > 0, path, "must not hold a user or a password: use a header");
        errors.If(url.Fragment.Length > 0, path, "must not have a fragment");
        errors.If(!allowPlainHttp && IsInside(url), path, "is an address inside, which tools may not reach");
        return url;
    }

    private static bool IsInside(Uri url)
    {
        var host = url.IdnHost.TrimEnd('.');
        return IPAddress.TryParse(host.Trim('[', ']'), out var address)
            ? !HttpToolAddress.IsAllowed(address)
            : !host.Contains('.', StringComparison.Ordinal)
                || new[] { ".localhost", ".local", ".internal", ".localdomain", ".lan", ".home.arpa" }
                    .Any(s => host.EndsWith(s, StringComparison.OrdinalIgnoreCase));
    }

    private static string Method(JsonElement method, string path, ErrorList errors)
    {
        var text = method.ValueKind switch
        {
            JsonValueKind.Undefined or JsonValueKind.Null => "POST",
            JsonValueKind.String => method.GetString()!,
            _ => "",
        };
        errors.If(text is not ("GET" or "POST"), path, "must be GET or POST");
        return text;
    }

    private static ImmutableDictionary<string, string> Headers(JsonElement headers, string path, ErrorList errors)
    {
        var read = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.OrdinalIgnoreCase);
        if (headers.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return read.ToImmutable();
        }

        if (headers.ValueKind != JsonValueKind.Object)
        {
            errors.If(true, path, "must be an object of texts");
            return read.ToImmutable();
        }

        errors.If(headers.EnumerateObject().Count() > MostHeaders, path, $"has more than {MostHeaders} headers");
        foreach (var header in headers.EnumerateObject().Take(MostHeaders))
        {
            var at = $"{path}.{Short(header.Name)}";
            var value = header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : null;
            errors.If(header.Name.Length == 0 || !header.Name.All(IsToken), at, "is no name of a header");
            errors.If(OwnHeaders.Contains(header.Name), at, "cannot be set");
            errors.If(value is null, at, "must be a text");
            errors.If(value?.Length > LongestHeader, at, $"is longer than {LongestHeader} characters");
            errors.If(value?.Any(c => c is < ' ' or > '~') == true, at, "may have only printable ASCII characters");
            errors.If(!read.TryAdd(header.Name, value ?? ""), at, "is set twice");
        }

        return read.ToImmutable();
    }

    private static bool IsToken(char c) => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-.^_`|~".Contains(c, StringComparison.Ordinal);

    private static TimeSpan Timeout(JsonElement timeout, string path, ErrorList errors)
    {
        if (timeout.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null)
        {
            return AgentHttpTool.DefaultTimeout;
        }

        var longest = AgentHttpTool.LongestTimeout.TotalSeconds;
        var seconds = timeout.ValueKind == JsonValueKind.Number && timeout.TryGetDouble(out var number) ? number : 0;
        var valid = seconds >= 0.5 && seconds <= longest;
        errors.If(!valid, path, $"must be between 0.5 and {longest} seconds");
        return valid ? TimeSpan.FromSeconds(seconds) : AgentHttpTool.DefaultTimeout;
    }

    private static string Text(JsonElement item, string name, string path, int longest, ErrorList errors)
    {
        var member = Member(item, name);
        if (member.ValueKind is not (JsonValueKind.String or JsonValueKind.Null or JsonValueKind.Undefined))
        {
            errors.If(true, $"{path}.{name}", "must be a text");
            return "";
        }

        var text = member.ValueKind == JsonValueKind.String ? member.GetString() : null;
        errors.Required($"{path}.{name}", text, longest);
        return text?.Trim() ?? "";
    }

    private static JsonElement Member(JsonElement item, string name) => item.TryGetProperty(name, out var member) ? member : default;

    private static string Short(string name) => name.Length > 40 ? name[..40] + "…" : name;
}
