using Microsoft.AspNetCore.Diagnostics;
using Npgsql;
using Orleans.Runtime;

namespace Campaigns.Api.Problems;

/// <summary>Turns what an endpoint did not foresee into a problem. Nothing of the exception reaches the caller.</summary>
internal sealed class FailureHandler(ILogger<FailureHandler> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        var problem = exception switch
        {
            BadHttpRequestException { StatusCode: 413 } => Problem.TooLarge(LimitOf(httpContext)),
            BadHttpRequestException { StatusCode: 408 } => Problem.Malformed("The body came too slowly."),
            BadHttpRequestException => Problem.Malformed("The request is not valid HTTP or does not fit its content type."),
            TimeoutException => Problem.TimedOut("No answer in time. Whether it took effect is not known: look before you repeat it."),
            NpgsqlException { IsTransient: true } => Problem.Unavailable("The database cannot be reached or is busy. Try again."),
            OrleansException => Problem.Unavailable("The cluster cannot be reached. Try again."),
            _ => null,
        };
        if (problem is null)
        {
            // The host's exception middleware writes the plain 500 problem.
            return false;
        }

        if (problem.StatusCode >= 500)
        {
            FailureHandlerLog.Unavailable(logger, exception, httpContext.Request.Method, problem.StatusCode);
        }

        await problem.ExecuteAsync(httpContext);
        return true;
    }

    private static long LimitOf(HttpContext context)
        => context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize ?? 0;
}
