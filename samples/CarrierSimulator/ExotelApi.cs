using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace CarrierSimulator;

/// <summary>
/// The carrier's REST API, v1. Paths are case-sensitive; a path that ends in .json is answered in JSON, any other in XML.
/// </summary>
internal sealed class ExotelApi(CarrierSimulatorOptions options, Switchboard switchboard)
{
    private const string Prefix = "/v1/Accounts/";

    private readonly byte[] _credentials = Encoding.UTF8.GetBytes($"{options.ApiKey}:{options.ApiToken}");

    public async Task HandleAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        var json = path.EndsWith(".json", StringComparison.Ordinal);
        var segments = path.StartsWith(Prefix, StringComparison.Ordinal) ? (json ? path[..^5] : path)[Prefix.Length..].Split('/') : [];
        if (!IsAuthorized(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"Exotel API\"";
            await RefuseAsync(context, json, new Refusal(401, "Unauthorized: invalid API key or token"));
        }
        else if (segments.Length == 0 || segments[0] != options.AccountSid)
        {
            await RefuseAsync(context, json, new Refusal(404, "Not Found: no such account"));
        }
        else
        {
            await DispatchAsync(context, json, segments);
        }
    }

    private Task DispatchAsync(HttpContext context, bool json, string[] segments) => (context.Request.Method, segments[1..]) switch
    {
        ("POST", ["Calls", "connect"]) => ConnectAsync(context, json),
        (_, ["Calls", "connect"]) => RefuseAsync(context, json, new Refusal(405, "Method Not Allowed")),
        ("GET", ["Calls"]) => LookUpAsync(context, json, BulkAsync),
        ("GET", ["Calls", var sid]) => LookUpAsync(context, json, (c, j) => SingleAsync(c, j, sid)),
        ("GET", ["ActiveStreams"]) => LookUpAsync(context, json, ActiveStreamsAsync),
        (_, ["Calls"] or ["Calls", _] or ["ActiveStreams"]) => RefuseAsync(context, json, new Refusal(405, "Method Not Allowed")),
        _ => RefuseAsync(context, json, new Refusal(404, "Not Found: no such resource")),
    };

    private bool IsAuthorized(HttpRequest request)
    {
        var header = request.Headers.Authorization.ToString();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var given = new byte[header.Length];
        return Convert.TryFromBase64String(header[6..].Trim(), given, out var length)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, length), _credentials);
    }

    private async Task ConnectAsync(HttpContext context, bool json)
    {
        if (!context.Request.HasFormContentType)
        {
            await RefuseAsync(context, json, new Refusal(415, "Unsupported Media Type: the body must be a form, urlencoded or multipart"));
            return;
        }

        IFormCollection form;
        try
        {
            form = await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (InvalidDataException e)
        {
            await RefuseAsync(context, json, new Refusal(400, $"Bad Request: {e.Message}"));
            return;
        }
        catch (BadHttpRequestException e)
        {
            await RefuseAsync(context, json, new Refusal(e.StatusCode, $"Bad Request: {e.Message}"));
            return;
        }

        if (ConnectRequest.Parse(form, options, out var errors) is not { } request)
        {
            await RefuseAsync(context, json, new Refusal(400, $"Bad Request: {string.Join("; ", errors)}"));
            return;
        }

        try
        {
            await ReplyAsync(context, json, request, switchboard.Connect(request));
        }
        catch (ObjectDisposedException) when (switchboard.Stopping.IsCancellationRequested)
        {
            // The simulator is being stopped, which is to look like a kill.
            context.Abort();
        }
    }

    private async Task ReplyAsync(HttpContext context, bool json, ConnectRequest request, Decision decision)
    {
        if (decision.Refusal is { } refusal)
        {
            await RefuseAsync(context, json, refusal);
            return;
        }

        var withSid = decision.Reply != ConnectReply.WithoutSid;
        var body = new WireObject { { "Call", CallView.Accepted(decision.Entry, request, options.AccountSid, withSid) } };
        switch (decision.Reply)
        {
            case ConnectReply.Reset:
                context.Abort();
                break;
            case ConnectReply.Unreadable:
                await WriteAsync(context, json, 200, Render(json, body).AsMemory(0, 24));
                break;
            case ConnectReply.Held:
            case ConnectReply.AfterCallbacks:
                if (await WaitAsync(decision, context.RequestAborted))
                {
                    await WriteAsync(context, json, 200, Render(json, body));
                }

                break;
            default:
                await WriteAsync(context, json, 200, Render(json, body));
                break;
        }
    }

    /// <summary>False if the client has gone or the simulator stops.</summary>
    private async Task<bool> WaitAsync(Decision decision, CancellationToken aborted)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(aborted, switchboard.Stopping);
        try
        {
            await (decision.Reply == ConnectReply.Held
                ? Task.Delay(options.HoldResponse, options.TimeProvider, either.Token)
                : decision.Call!.Told.Task.WaitAsync(either.Token));
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private Task LookUpAsync(HttpContext context, bool json, Func<HttpContext, bool, Task> handler) =>
        switchboard.AdmitLookup() is { } refusal ? RefuseAsync(context, json, refusal) : handler(context, json);

    private Task SingleAsync(HttpContext context, bool json, string sid)
    {
        if (switchboard.Ledger.Find(sid) is not { } call)
        {
            return RefuseAsync(context, json, new Refusal(404, "Not Found: no such call"));
        }

        var details = context.Request.Query["details"] == "true";
        return WriteAsync(
            context,
            json,
            200,
            Render(json, new WireObject { { "Call", CallView.Record(call, options.AccountSid, IsSettled(call), details) } }));
    }

    private Task BulkAsync(HttpContext context, bool json)
    {
        var now = switchboard.Ledger.Now();
        if (CallQuery.Parse(context.Request.Query, options.Strict, now, out var error) is not { } query)
        {
            return RefuseAsync(context, json, new Refusal(400, $"Bad Request: {error}"));
        }

        var page = query.Run(switchboard.Ledger);
        var calls = page.Calls.Select(c => CallView.Record(c, options.AccountSid, IsSettled(c), details: false));
        var body = new WireObject
        {
            { "Metadata", page.Metadata($"{Prefix}{options.AccountSid}/Calls{(json ? ".json" : "")}") },
            { "Calls", new WireArray("Call", [.. calls]) },
        };
        return WriteAsync(context, json, 200, Render(json, body));
    }

    private Task ActiveStreamsAsync(HttpContext context, bool json) => WriteAsync(context, json, 200, Render(json, new WireObject
    {
        {
            "Stream", new WireObject
            {
                { "ActiveStreamCount", switchboard.Ledger.LiveStreams },
                { "ThrottleLimit", switchboard.Control.ActiveStreams ?? int.MaxValue },
            }
        },
    }));

    private bool IsSettled(LedgerEntry call) =>
        call.EndedAt is { } ended && switchboard.Ledger.Now() - ended >= options.SettleTime / call.Speed;

    private static Task RefuseAsync(HttpContext context, bool json, Refusal refusal)
    {
        if (refusal.RetryAfter is { } wait)
        {
            context.Response.Headers.RetryAfter = Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        }

        // No list of v1 codes is public; the HTTP status stands in.
        var error = new WireObject { { "Status", refusal.Status }, { "Message", refusal.Message }, { "Code", refusal.Status } };
        return WriteAsync(context, json, refusal.Status, Render(json, new WireObject { { "RestException", error } }));
    }

    private static byte[] Render(bool json, WireObject body) => json ? WireFormat.Json(body) : WireFormat.Xml(body);

    private static async Task WriteAsync(HttpContext context, bool json, int status, ReadOnlyMemory<byte> body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = json ? "application/json" : "application/xml; charset=utf-8";
        context.Response.ContentLength = body.Length;
        await context.Response.Body.WriteAsync(body, context.RequestAborted);
    }
}
