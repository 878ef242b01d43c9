using System.Diagnostics;
using OpenTelemetry;

namespace Campaigns.Hosting.Telemetry;

/// <summary>
/// Keeps people and secrets out of spans that are not our own: paths hold a session's secret or what somebody searched for, messages of exceptions may quote
/// anything. Our own spans hold no such thing.
/// </summary>
internal sealed class PrivacyProcessor : BaseProcessor<Activity>
{
    private const string Message = "exception.message";
    private const string StackTrace = "exception.stacktrace";
    private const string Withheld = "(withheld)";

    private readonly ActivityListener _exceptions = new()
    {
        ShouldListenTo = static _ => true,
        ExceptionRecorder = static (Activity _, Exception exception, ref TagList tags) =>
        {
            // Whatever is here already is not added any more. The trace alone: the exception's text begins with its message.
            tags.Add(Message, Withheld);
            tags.Add(StackTrace, exception.StackTrace ?? "");
        },
    };

    public PrivacyProcessor() => ActivitySource.AddActivityListener(_exceptions);

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        // Where the path is a pattern's, the pattern says as much.
        if (data.GetTagItem("url.path") is not null)
        {
            data.SetTag("url.path", data.GetTagItem("http.route"));
        }

        if (data.GetTagItem("url.full") is string address)
        {
            data.SetTag("url.full", Uri.TryCreate(address, UriKind.Absolute, out var full) ? full.GetLeftPart(UriPartial.Authority) : null);
        }

        data.SetTag("url.query", value: null);
        data.SetTag(StackTrace, value: null);
        if (data.GetTagItem(Message) is not null)
        {
            data.SetTag(Message, Withheld);
        }

        if (data.StatusDescription is not null)
        {
            data.SetStatus(data.Status);
        }
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _exceptions.Dispose();
        base.Dispose(disposing);
    }
}
