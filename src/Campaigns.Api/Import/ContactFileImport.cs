using Campaigns.Api.Endpoints;
using Campaigns.Domain.Import;
using Campaigns.Stores;
using CsvHelper;

namespace Campaigns.Api.Import;

/// <summary>Reads a file of contacts row by row into one transaction.</summary>
internal static class ContactFileImport
{
    /// <returns>
    /// The finished import; null, with nothing changed, when the file cannot be read or has faults and <see cref="ImportMode.AllOrNothing"/> was asked for.
    /// What was found is in <paramref name="report"/> either way.
    /// </returns>
    internal static async Task<ImportRecord?> RunAsync(
        OrganizationRecord organization,
        ImportRequest request,
        Stream stream,
        IContactDirectory contacts,
        ImportReport report,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var file = await CsvFile.OpenAsync(stream, error => report.AddRejected([error]), cancellationToken);
            if (file.Headers.Count == 0)
            {
                report.Add(new ImportError(1, 0, null, "the file is empty"));
                return null;
            }

            switch (ColumnMapping.From(file.Headers, request.Mapping))
            {
                case MappingResult.Good { Mapping: var mapping }:
                    await using (var import = await contacts.BeginImportAsync(organization.Id, cancellationToken))
                    {
                        await ReadRowsAsync(file, mapping, organization.DefaultRegion, request.Mode, import, report, cancellationToken);
                        return request.Mode == ImportMode.AllOrNothing && report.ErrorCount > 0
                            ? null
                            : await import.CommitAsync(
                                new ImportSummary(request.FileName, request.Mode, report.RowsRead, report.RowsRejected, report.Errors),
                                cancellationToken);
                    }

                case MappingResult.Bad bad:
                    foreach (var problem in bad.Problems)
                    {
                        report.Add(At(1, problem));
                    }

                    break;
            }
        }
        catch (CsvFormatException exception)
        {
            report.Add(new ImportError(
                (int)Math.Max(exception.LineNumber, 1), 0, null, "a record that begins here has no end within 256 kB: is a quote never closed?"));
        }

        return null;
    }

    private static async Task ReadRowsAsync(
        CsvFile file,
        ColumnMapping mapping,
        string defaultRegion,
        ImportMode mode,
        IContactImport import,
        ImportReport report,
        CancellationToken cancellationToken)
    {
        await foreach (var record in file.ReadAsync(cancellationToken))
        {
            if (ContactRowRules.IsBlank(record.Cells))
            {
                continue;
            }

            switch (ContactRowRules.Read(record.Cells, mapping, defaultRegion))
            {
                case RowResult.Good { Contact: var contact }:
                    report.AddGood(record.Line, contact.Phone);
                    if (mode == ImportMode.GoodRows || report.ErrorCount == 0)
                    {
                        await import.WriteAsync(record.Line, contact, cancellationToken);
                    }

                    break;
                case RowResult.Bad bad:
                    report.AddRejected(bad.Problems.Select(problem => At(record.Line, problem)));
                    break;
            }
        }
    }

    private static ImportError At(int line, RowProblem problem)
        => new(line, problem.Number, problem.Column.Length > 0 ? problem.Column : null, problem.Reason);
}
