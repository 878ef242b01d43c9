using System.Collections.Immutable;
using System.Text.Json;
using Campaigns.Domain.Validation;
using Campaigns.LiveModel;

namespace Campaigns.Domain.Tools;

/// <summary>
/// A tool of an agent's own: a request over HTTP. Written in the agent's settings under <see cref="SettingsKey"/>, a list of
/// <c>{"name","description","parameters","url","method","headers","timeoutSeconds"}</c>.
/// </summary>
public sealed record AgentHttpTool
{
    /// <summary>The member of the agent's settings that lists the tools.</summary>
    public const string SettingsKey = "httpTools";

    /// <summary>Most tools of an agent.</summary>
    public const int MostTools = 10;

    /// <summary>The longest a tool may take: the person hears silence meanwhile.</summary>
    public static readonly TimeSpan LongestTimeout = TimeSpan.FromSeconds(10);

    /// <summary>What a tool may take unless it says otherwise.</summary>
    public static readonly TimeSpan DefaultTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The name for the model.</summary>
    public required string Name { get; init; }

    /// <summary>When and how to use it.</summary>
    public required string Description { get; init; }

    /// <summary>Schema of the arguments with upper-case types; null without arguments.</summary>
    public string? ParametersJson { get; init; }

    /// <summary>
    /// Where the request goes. Its host may still resolve to an address inside: see <see cref="HttpToolAddress"/>. Plain HTTP is for whoever
    /// sends the request to refuse unless the installation allows it.
    /// </summary>
    public required Uri Url { get; init; }

    /// <summary><c>GET</c>: arguments in the query; <c>POST</c>: arguments as the JSON body.</summary>
    public required string Method { get; init; }

    /// <summary>Headers sent along. They may hold secrets: never logged, never told to the model.</summary>
    public ImmutableDictionary<string, string> Headers { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>How long the request may take.</summary>
    public TimeSpan Timeout { get; init; } = DefaultTimeout;

    /// <summary>The tool as declared to the model.</summary>
    public ToolDeclaration Declaration => new(Name, Description, ParametersJson);

    /// <summary>The valid tools of an agent's settings; those that are not valid are left out.</summary>
    public static ImmutableArray<AgentHttpTool> Read(ImmutableDictionary<string, JsonElement> settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return settings.TryGetValue(SettingsKey, out var list) ? HttpToolReader.Read(list, allowPlainHttp: true, new ErrorList()) : [];
    }

    /// <summary>Every error of the tools in an agent's settings, with paths that begin with <c>settings.httpTools</c>.</summary>
    /// <param name="settings">The settings as sent.</param>
    /// <param name="allowPlainHttp">Also allows <c>http</c> addresses and hosts inside: for development.</param>
    public static ImmutableArray<ValidationError> Validate(ImmutableDictionary<string, JsonElement>? settings, bool allowPlainHttp = false)
    {
        var errors = new ErrorList();
        if (settings is not null && settings.TryGetValue(SettingsKey, out var list))
        {
            HttpToolReader.Read(list, allowPlainHttp, errors);
        }

        return errors.ToImmutable();
    }

    /// <summary>Shows no header: they hold secrets.</summary>
    public override string ToString() => $"{nameof(AgentHttpTool)} {Name}";
}
