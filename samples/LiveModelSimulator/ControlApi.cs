using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LiveModelSimulator;

/// <summary>What the platforms do not have: the ledger, the faults and the switches. Without authentication, on loopback only.</summary>
internal static class ControlApi
{
    private const string Home =
        """
        Live model simulator: speaks Gemini's BidiGenerateContent (WebSocket) and generateContent, on the paths of both platforms.

        GET  /ledger          every connection (?after=sequence) and every generateContent request
        GET  /ledger/summary  counts
        GET  /faults          what can go wrong, and how to ask for it
        GET  /control         the switches; POST a JSON object of those to change
        GET  /health

        """;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
    };

    public static void Map(IEndpointRouteBuilder routes, SessionServices services, Action<LiveModelControl> set)
    {
        routes.MapGet("/", context => context.Response.WriteAsync(Home, context.RequestAborted));
        routes.MapGet("/health", context => WriteAsync(context, new { status = "ok" }));
        routes.MapGet("/faults", context => WriteAsync(context, Faults.Rows));
        routes.MapGet("/ledger", context => LedgerAsync(context, services.Ledger));
        routes.MapGet("/ledger/summary", context => WriteAsync(context, Summary(services.Ledger)));
        routes.MapGet("/control", context => WriteAsync(context, services.Control));
        routes.MapPost("/control", context => ChangeAsync(context, services, set));
    }

    private static Task LedgerAsync(HttpContext context, Ledger ledger)
    {
        var after =
            long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        return WriteAsync(context, new
        {
            ledger.PeakSessions,
            Sessions = ledger.Sessions.Where(e => e.Sequence > after),
            ledger.Extractions,
        });
    }

    private static object Summary(Ledger ledger)
    {
        var sessions = ledger.Sessions;
        return new
        {
            Sessions = sessions.Count,
            ledger.LiveSessions,
            ledger.PeakSessions,
            Refused = sessions.Count(s => s.HttpStatus != 101),
            Resumed = sessions.Count(s => s.Resumption is { Accepted: true }),
            ResumedWhileOpen = sessions.Count(s => s.Resumption is { OldSocketOpen: true }),
            ProtocolErrors = sessions.Sum(s => s.ProtocolErrors.Count),
            Heard = sessions.Sum(s => s.Heard.Count),
            HeardCut = sessions.Sum(s => s.Heard.Count(h => !h.Complete)),
            Said = sessions.Sum(s => s.Said.Count),
            Interruptions = sessions.Sum(s => s.Interruptions),
            ToolCalls = sessions.Sum(s => s.ToolCalls.Count),
            Unanswered = sessions.Sum(s => s.ToolCalls.Count(t => t.Response is null && !t.Cancelled)),
            Extractions = ledger.Extractions.Count,
            ClosedBy = sessions.Where(s => s.ClosedBy is not null).GroupBy(s => $"{s.ClosedBy} {s.CloseCode}".TrimEnd())
                .ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
        };
    }

    /// <summary>The switches named in the body change; a null puts one back to what the options say.</summary>
    private static async Task ChangeAsync(HttpContext context, SessionServices services, Action<LiveModelControl> set)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var control = services.Control;
            foreach (var change in body.RootElement.EnumerateObject())
            {
                control = change.Name switch
                {
                    "faults" => control with { Faults = change.Value.GetString() },
                    "faultSessions" => control with { FaultSessions = Number(change.Value, 0, int.MaxValue) },
                    "maxSessions" => control with { MaxSessions = Number(change.Value, 0, int.MaxValue) },
                    "extractionFailures" => control with { ExtractionFailures = Number(change.Value, 0, int.MaxValue) ?? 0 },
                    "extractionFailureStatus" => control with { ExtractionFailureStatus = Number(change.Value, 400, 599) ?? 503 },
                    _ => throw new FormatException($"There is no switch {change.Name}."),
                };
            }

            set(control);
            await WriteAsync(context, control);
        }
        catch (Exception e) when (e is JsonException or FormatException or InvalidOperationException)
        {
            context.Response.StatusCode = 400;
            await WriteAsync(context, new { error = e.Message });
        }
    }

    private static int? Number(JsonElement value, int min, int max) =>
        value.ValueKind == JsonValueKind.Null ? null
        : value.GetInt32() is var number && number >= min && number <= max ? number
        : throw new FormatException($"{number} is not between {min} and {max}.");

    private static Task WriteAsync<T>(HttpContext context, T value) =>
        context.Response.WriteAsJsonAsync(value, s_json, context.RequestAborted);
}
