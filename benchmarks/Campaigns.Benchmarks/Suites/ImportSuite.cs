using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Campaigns.Benchmarks.Bed;
using Campaigns.Benchmarks.Harness;

namespace Campaigns.Benchmarks.Suites;

/// <summary>A CSV file posted to the API: new people, then the same file again.</summary>
internal sealed class ImportSuite : Suite
{
    public override string Name => "import";

    public override async Task RunAsync(SuiteRun run, CancellationToken cancellationToken)
    {
        var rows = run.Options.Scaled(100_000, 1_000);
        var (first, again, bare) = (new List<double>(), new List<double>(), new List<double>());
        for (var i = 0; i < run.Options.Runs; i++)
        {
            await using var database = await run.Server.CreateDatabaseAsync(cancellationToken);
            await using var host = await ProductHost.StartAsync(database.ConnectionString, new Uri("http://127.0.0.1:9/"));
            await PostAsync(host, File(200, firstNumber: 7_000_000_000));
            var file = File(rows, firstNumber: 9_000_000_000);
            await database.SettleAsync();
            first.Add(await TimeAsync(host, file, rows));
            await database.SettleAsync();
            again.Add(await TimeAsync(host, file, rows));
            bare.Add(first[^1] / await CopyAsync(database));
        }

        var row = new Row(Name, $"CSV of {rows:#,0} new contacts over HTTP", "s", first);
        run.Add(run.Options.Quick ? row : row.Below(10));
        row = new Row(Name, "The same file again: every contact is updated", "s", again);
        run.Add(run.Options.Quick ? row : row.Below(10));
        run.Add(new Row(Name, "New contacts against a plain INSERT … SELECT of the same rows, indexes and checks included", "×", bare));
    }

    private static async Task<double> TimeAsync(ProductHost host, byte[] file, int rows)
    {
        var start = Stopwatch.GetTimestamp();
        var imported = await PostAsync(host, file);
        var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return imported == rows ? elapsed : throw new InvalidOperationException($"{imported} rows were imported, not {rows}.");
    }

    private static async Task<int> PostAsync(ProductHost host, byte[] file)
    {
        using var content = new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue("text/csv") } };
        using var response = await host.Client.PostAsync("contacts/import", content);
        var answer = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"The import was answered with {(int)response.StatusCode}: {answer[..Math.Min(500, answer.Length)]}");
        }

        using var body = JsonDocument.Parse(answer);
        return body.RootElement.GetProperty("rowsImported").GetInt32();
    }

    private static async Task<double> CopyAsync(BenchDatabase database)
    {
        await database.ExecuteAsync("CREATE TABLE floor (LIKE contacts INCLUDING ALL)");
        await database.ExecuteAsync("ALTER TABLE floor DROP COLUMN phone_key, ADD COLUMN phone_key text");
        await database.ExecuteAsync("CREATE INDEX ON floor (organization_id, phone_key) WHERE phone IS NOT NULL");
        await database.SettleAsync();
        var start = Stopwatch.GetTimestamp();
        await database.ExecuteAsync(
            """
            INSERT INTO floor (id, organization_id, name, phone, phone_key, email, status, city, occupation, preferred_language, time_zone, marketing_consent,
              context, source, created_at, updated_at)
            SELECT id, organization_id, name, phone, phone_key, email, status, city, occupation, preferred_language, time_zone, marketing_consent,
              context, source, created_at, updated_at
            FROM contacts
            """);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static byte[] File(int rows, long firstNumber)
    {
        var text = new StringBuilder("Name,Mobile,E-mail,City,Occupation,Preferred language,Status,Marketing consent,plan,renewal_date,Claims last year\n");
        for (var i = 0; i < rows; i++)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"Person {i},{firstNumber + i},person{i}@example.org,{(i % 2 == 0 ? "Delhi" : "\"Kochi, Kerala\"")},Teacher,hi-IN,active,yes,Family Health,2026-11-01,{i % 5}\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }
}
