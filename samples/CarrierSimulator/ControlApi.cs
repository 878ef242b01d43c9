using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace CarrierSimulator;

/// <summary>What the carrier does not have: the ledger, the fates and the switches. Without authentication, on loopback only.</summary>
internal static class ControlApi
{
    private const string Home =
        """
        Carrier simulator: speaks Exotel's v1 REST API under /v1/Accounts/{sid} and sends status callbacks.

        GET  /ledger          every connect request and what became of it (?after=sequence, ?number=E.164)
        GET  /ledger/summary  dials, concurrency, overlaps, dials per CustomField
        GET  /fates           what the last two digits of a number do
        GET  /people          who answers, by the two digits before those
        GET  /control         the switches; POST a JSON object of those to change
        GET  /health

        """;

    public static void Map(IEndpointRouteBuilder routes, Switchboard switchboard)
    {
        routes.MapGet("/", context => context.Response.WriteAsync(Home, context.RequestAborted));
        routes.MapGet("/health", context => WriteAsync(context, new { status = "ok" }));
        routes.MapGet("/fates", context => WriteAsync(context, Fates.Rows.Select(Row)));
        routes.MapGet("/people", context => WriteAsync(context, People.Rows.Select(r => new { r.Digits, r.Name, r.Description })));
        routes.MapGet("/ledger", context => LedgerAsync(context, switchboard.Ledger));
        routes.MapGet("/ledger/summary", context => WriteAsync(context, switchboard.Ledger.Summary()));
        routes.MapGet("/control", context => WriteAsync(context, switchboard.Control));
        routes.MapPost("/control", context => ChangeAsync(context, switchboard));
    }

    private static object Row(FateRow row) => new
    {
        row.Digits,
        row.First,
        row.Last,
        row.Name,
        row.Description,
        Dials = row.Dials(row.First).Select(d => new
        {
            Outcome = d.Outcome.Wire(),
            d.Placed,
            Reply = d.Reply.ToString(),
            Callbacks = d.Callbacks.ToString(),
            RingSeconds = d.Ring.TotalSeconds,
            TalkSeconds = d.Talk.TotalSeconds,
        }),
    };

    private static Task LedgerAsync(HttpContext context, Ledger ledger)
    {
        var number = context.Request.Query["number"].ToString();
        var after =
            long.TryParse(context.Request.Query["after"], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : 0;
        return WriteAsync(context, ledger.Entries.Where(e => e.Sequence > after && (number.Length == 0 || e.Number == number)));
    }

    /// <summary>The switches named in the body change; a null puts one back to "no limit" or "do not refuse".</summary>
    private static async Task ChangeAsync(HttpContext context, Switchboard switchboard)
    {
        try
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted);
            var control = switchboard.Control;
            foreach (var change in body.RootElement.EnumerateObject())
            {
                control = change.Name switch
                {
                    "refuseWith" => control with { RefuseWith = Number(change.Value, 400, 599) },
                    "callsPerMinute" => control with { CallsPerMinute = Number(change.Value, 1, int.MaxValue) },
                    "activeStreams" => control with { ActiveStreams = Number(change.Value, 0, int.MaxValue) },
                    "instantAnswer" => control with { InstantAnswer = change.Value.GetBoolean() },
                    "callbacksOff" => control with { CallbacksOff = change.Value.GetBoolean() },
                    _ => throw new FormatException($"There is no switch {change.Name}."),
                };
            }

            switchboard.Control = control;
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
        context.Response.WriteAsJsonAsync(value, LedgerFile.Json, context.RequestAborted);
}
