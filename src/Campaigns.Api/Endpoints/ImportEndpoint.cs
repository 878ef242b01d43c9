using Campaigns.Api.Access;
using Campaigns.Api.Import;
using Campaigns.Api.Input;
using Campaigns.Api.Problems;
using Campaigns.Stores;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Http.Timeouts;

namespace Campaigns.Api.Endpoints;

/// <summary><c>/contacts/import</c>: a CSV file of contacts.</summary>
internal static class ImportEndpoint
{
    internal static void Map(RouteGroupBuilder contacts)
        => contacts.MapPost("/import", ImportAsync)
            .Requires(ApiRole.Operator)
            .WithMetadata(BodyLimit.File, new RequestTimeoutAttribute(ApiTimeouts.Import))
            .WithMetadata(new AcceptsMetadata(["text/csv", "multipart/form-data"], typeof(IFormFile)))
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity)
            .WithSummary("Import a CSV file: known headers are mapped, the other columns are kept as context")
            .WithDescription(
                "mode=good-rows (default) imports the good rows and lists the others; mode=all-or-nothing changes nothing when any row is broken. "
                + "mapping is a JSON object of fields by header. A number that stands in several rows takes the last one. An existing contact with the "
                + "number is updated: blanks leave what is there, a denied consent stays denied.");

    private static async Task<Results<Ok<ImportBody>, ProblemHttpResult>> ImportAsync(
        Caller caller,
        HttpRequest request,
        string? mode,
        string? mapping,
        string? fileName,
        IContactDirectory contacts,
        IAuditLog audit,
        CancellationToken cancellationToken)
    {
        var (file, problem) = await UploadedFile.FindAsync(request, cancellationToken);
        if (file is null)
        {
            return TypedResults.Problem(statusCode: 415, title: "No file found", detail: problem);
        }

        var errors = new Errors();
        var import = ImportRequest.Read(fileName ?? file.FileName, mode, mapping, errors);
        if (errors.Refusal is { } refusal)
        {
            return refusal;
        }

        var report = new ImportReport();
        if (await ContactFileImport.RunAsync(caller.Organization, import, file.Content, contacts, report, cancellationToken) is not { } record)
        {
            return Refused(report);
        }

        await audit.WriteAsync(
            caller.Did("contacts.import", "import", record.Id, ("rows", $"{record.RowsImported}"), ("rejected", $"{record.RowsRejected}")),
            cancellationToken);
        return TypedResults.Ok(ImportBody.Of(record, report));
    }

    private static ProblemHttpResult Refused(ImportReport report)
        => TypedResults.Problem(
            statusCode: StatusCodes.Status422UnprocessableEntity,
            title: "The file was not imported",
            detail: $"{report.ErrorCount} error(s); nothing was changed.",
            extensions: new Dictionary<string, object?>
            {
                ["rowsRead"] = report.RowsRead,
                ["rowsRejected"] = report.RowsRejected,
                ["errorCount"] = report.ErrorCount,
                ["rowErrors"] = report.Errors,
            });
}

/// <summary>A finished import as answered.</summary>
/// <param name="Id">Its id.</param>
/// <param name="FileName">The file's name.</param>
/// <param name="Mode">What happened to the good rows.</param>
/// <param name="RowsRead">Rows below the header; blank ones do not count.</param>
/// <param name="RowsImported">Good rows.</param>
/// <param name="RowsRejected">Broken rows.</param>
/// <param name="RowsRepeated">Good rows whose number stands in an earlier row.</param>
/// <param name="ContactsCreated">New contacts.</param>
/// <param name="ContactsUpdated">Contacts that were there.</param>
/// <param name="ErrorCount">Faults found.</param>
/// <param name="RowErrors">The first 1,000 of them.</param>
/// <param name="RepeatedRows">The first 1,000 rows that replace an earlier one.</param>
/// <param name="CreatedAt">When.</param>
internal sealed record ImportBody(
    Guid Id,
    string FileName,
    ImportMode Mode,
    int RowsRead,
    int RowsImported,
    int RowsRejected,
    int RowsRepeated,
    int ContactsCreated,
    int ContactsUpdated,
    int ErrorCount,
    IReadOnlyList<ImportError> RowErrors,
    IReadOnlyList<RepeatedRow> RepeatedRows,
    DateTimeOffset CreatedAt)
{
    internal static ImportBody Of(ImportRecord record, ImportReport report)
        => new(
            record.Id,
            record.FileName,
            record.Mode,
            record.RowsRead,
            record.RowsImported,
            record.RowsRejected,
            report.RowsRepeated,
            record.ContactsCreated,
            record.ContactsUpdated,
            report.ErrorCount,
            report.Errors,
            report.Repeats,
            record.CreatedAt);
}
