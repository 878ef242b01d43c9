using System.Net.Http.Headers;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Campaigns.Api.Tests.Bed;

/// <summary>
/// The API on a real loopback port over a real database, with two organizations: <c>acme</c>, whose keys the clients have, and <c>other</c>.
/// </summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private const string Secret = "_0123456789abcdef0123456789abcdef";

    private readonly PostgresFixture _postgres = new();
    private WebApplication? _app;

    /// <summary>Everything the API logged.</summary>
    public LogCapture Logs { get; } = new();

    public NpgsqlDataSource Database => _postgres.DataSource;

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public IServiceProvider Services => _app!.Services;

    public HttpClient Admin { get; private set; } = null!;

    public HttpClient Operator { get; private set; } = null!;

    public HttpClient Viewer { get; private set; } = null!;

    /// <summary>An administrator of <c>other</c>.</summary>
    public HttpClient Other { get; private set; } = null!;

    /// <summary>Where the host looks for recordings.</summary>
    public DirectoryInfo Recordings { get; } = Directory.CreateTempSubdirectory("campaigns-recordings-");

    public Guid AcmeId { get; private set; }

    public Guid OtherId { get; private set; }

    public async Task InitializeAsync()
    {
        await _postgres.InitializeAsync();
        if (PostgresPrerequisite.SkipReason is not null)
        {
            return;
        }

        _app = await StartAsync(_postgres.ConnectionString, Recordings.FullName, Logs);
        Address = new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        var organizations = _app.Services.GetRequiredService<IOrganizationStore>();
        AcmeId = await EnsureAsync(organizations, "acme", ApiRole.Admin);
        await EnsureAsync(organizations, "acme", ApiRole.Operator);
        await EnsureAsync(organizations, "acme", ApiRole.Viewer);
        OtherId = await EnsureAsync(organizations, "other", ApiRole.Admin);
        Admin = Client(KeyOf("acme", ApiRole.Admin), "acme");
        Operator = Client(KeyOf("acme", ApiRole.Operator), "acme");
        Viewer = Client(KeyOf("acme", ApiRole.Viewer), "acme");
        Other = Client(KeyOf("other", ApiRole.Admin), "other");
    }

    public async Task DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }

        await _postgres.DisposeAsync();
        Recordings.Delete(recursive: true);
    }

    public static string KeyOf(string slug, ApiRole role) => $"ck_{slug}{role}{Secret}";

    /// <summary>A client whose relative addresses are those below <c>/api/orgs/{slug}/</c>.</summary>
    public HttpClient Client(string? key, string slug)
    {
        var client = new HttpClient { BaseAddress = new Uri(Address, $"/api/orgs/{slug}/"), Timeout = TimeSpan.FromMinutes(2) };
        client.DefaultRequestHeaders.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        return client;
    }

    /// <summary>A digest of every row of every table.</summary>
    public async Task<string> DigestAsync()
    {
        await using var tables = Database.CreateCommand("SELECT string_agg(tablename, ',' ORDER BY tablename) FROM pg_tables WHERE schemaname = 'public'");
        var names = ((string)(await tables.ExecuteScalarAsync())!).Split(',');
        var parts = names.Select(name => $"SELECT '{name} ' || count(*) || ' ' || coalesce(md5(string_agg(t::text, ',' ORDER BY t::text)), '') AS line FROM {name} t");
        await using var digest = Database.CreateCommand($"SELECT string_agg(line, chr(10)) FROM ({string.Join(" UNION ALL ", parts)}) x");
        return (string)(await digest.ExecuteScalarAsync())!;
    }

    public async Task<T> ScalarAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<WebApplication> StartAsync(string connectionString, string recordings, LogCapture logs)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = connectionString,
            ["Campaigns:Calls:RecordingFolder"] = recordings,
            ["urls"] = "http://127.0.0.1:0",
        });
        builder.Logging.ClearProviders().AddProvider(logs);
        builder.AddGrainEngine();
        builder.AddCampaignsApi();
        var app = builder.Build();
        app.MapCampaignsApi();
        app.MapGet("/fail/{how}", Failures.Throw);
        await app.StartAsync();
        return app;
    }

    private static async Task<Guid> EnsureAsync(IOrganizationStore organizations, string slug, ApiRole role)
    {
        var seed = new OrganizationSeed { Slug = slug, ApiKey = KeyOf(slug, role), Role = role, KeyName = $"{slug} {role}" };
        return (await organizations.EnsureAsync(seed, CancellationToken.None)).Id;
    }
}

/// <summary>One host and database for all classes of this project, which therefore run one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class ApiCollection : ICollectionFixture<ApiFixture>
{
    public const string Name = "api";
}
