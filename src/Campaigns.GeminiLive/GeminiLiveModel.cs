using System.Diagnostics;
using Campaigns.GeminiLive.Session;
using Campaigns.GeminiLive.Wire;
using Campaigns.LiveModel;
using Campaigns.Telemetry;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive;

/// <summary>Gemini as the model that hears and speaks.</summary>
internal sealed partial class GeminiLiveModel(
    IOptions<GeminiOptions> options, GeminiConnector connector, QuotaReports quota, GeminiTelemetry telemetry, TimeProvider clock,
    ILogger<GeminiLiveModel> logger)
    : ILiveModel
{
    private readonly GeminiOptions options = options.Value;
    private int sessions;

    /// <inheritdoc/>
    public async Task<ILiveSession> OpenAsync(LiveSetup setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setup);
        Check(setup);
        if (Interlocked.Increment(ref sessions) > options.MaxSessions)
        {
            Interlocked.Decrement(ref sessions);
            await quota.ReportAsync();
            throw new LiveModelException(LiveFailure.Exhausted, $"This process holds {options.MaxSessions} conversations, the most it may.");
        }

        // Ends with the conversation; what connects and reconnects is within it.
        var activity = SessionTrace.Start(GeminiTelemetry.Activities, "gemini session", ActivityKind.Client, setup.SessionId)
            ?.SetTag("gen_ai.operation.name", "chat")
            .SetTag("gen_ai.provider.name", options.Platform == GeminiPlatform.Vertex ? "gcp.vertex_ai" : "gcp.gemini")
            .SetTag("gen_ai.request.model", options.Model);
        GeminiConnection connection;
        try
        {
            connection = await connector.ConnectAsync(setup, setup.SystemInstruction, handle: null, cancellationToken);
        }
        catch (Exception e)
        {
            Interlocked.Decrement(ref sessions);
            if (e is LiveModelException failure)
            {
                LogNotOpened(setup.SessionId, failure.Failure, failure.Message);
            }

            activity.Fail(e is LiveModelException known ? known.Failure.ToText() : e.GetType().Name);
            activity?.Dispose();

            throw;
        }

        LogOpened(setup.SessionId);
        var session = new GeminiLiveSession(setup, options, connector, telemetry, clock, logger);

        // Not awaited: it lives as long as the conversation, and tells its end by Completion.
        _ = HoldAsync(session, connection, activity);
        return session;
    }

    private async Task HoldAsync(GeminiLiveSession session, GeminiConnection connection, Activity? activity)
    {
        await Task.Yield();
        await session.RunAsync(connection, end =>
        {
            Interlocked.Decrement(ref sessions);
            activity?.SetTag("gemini.end", end.Kind.ToText()).SetTag("gemini.connections", end.Connections);
            if (end.Kind != LiveEndKind.ClosedByUs)
            {
                activity.Fail(end.Kind.ToText());
            }

            activity?.Dispose();
        });
    }

    /// <summary>What the platform would close the connection for without saying where.</summary>
    private static void Check(LiveSetup setup)
    {
        if (string.IsNullOrWhiteSpace(setup.SystemInstruction))
        {
            throw new LiveModelException(LiveFailure.Fatal, "The system instruction is blank.");
        }

        foreach (var tool in setup.Tools.IsDefault ? [] : setup.Tools)
        {
            if (tool.Name is not { Length: > 0 and <= 63 } || !tool.Name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            {
                throw new LiveModelException(LiveFailure.Fatal, $"'{tool.Name}' is no name of a tool: letters, digits and underscores, at most 63.");
            }

            if (tool.ParametersJson is { } parameters && !JsonText.IsObject(parameters))
            {
                throw new LiveModelException(LiveFailure.Fatal, $"The parameters of the tool '{tool.Name}' are not a JSON object.");
            }
        }
    }
}
