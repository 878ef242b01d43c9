using Campaigns.Api.Access;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/sessions/{id}/recording</c>: the sound of a call.</summary>
internal static class RecordingEndpoint
{
    private const string Wav = "audio/wav";

    internal static void Map(RouteGroupBuilder sessions)
        => sessions.MapMethods("/{id:guid}/recording", [HttpMethods.Get, HttpMethods.Head], GetAsync)
            .Produces(StatusCodes.Status200OK, typeof(Stream), Wav)
            .Produces(StatusCodes.Status206PartialContent, typeof(Stream), Wav)
            .Produces(StatusCodes.Status416RangeNotSatisfiable)
            .ProducesProblem(StatusCodes.Status404NotFound)
            .WithSummary("The recording: two channels, the person left and the agent right; ranges may be asked for");

    private static async Task<Results<PhysicalFileHttpResult, ProblemHttpResult>> GetAsync(
        Caller caller, Guid id, HttpContext context, ISessionCatalog sessions, IOptions<RecordingsOptions> options, CancellationToken cancellationToken)
    {
        if (await sessions.FindRecordingAsync(caller.OrganizationId, id, cancellationToken) is not { } name)
        {
            return Problem.NotFound();
        }

        // The silo that held the call wrote it, and that may be another machine.
        if (options.Value.Find(name) is not { } path)
        {
            return Problem.NotFound(
                "The call was recorded, but its file is not in this host's folder: hosts that serve each other's recordings share "
                + "Campaigns:Calls:RecordingFolder.");
        }

        context.Response.Headers.CacheControl = "private";
        return TypedResults.PhysicalFile(path, Wav, enableRangeProcessing: true);
    }
}
