using Campaigns.Api.Tests.Bed;
using Campaigns.Stores;
using Campaigns.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class BootstrapTests(ApiFixture api)
{
    [PostgresFact]
    public async Task Ensure_Twice_LeavesWhatIsThere()
    {
        var organizations = api.Services.GetRequiredService<IOrganizationStore>();
        var seed = new OrganizationSeed { Slug = "first", Name = "First", ApiKey = "ck_first_0123456789abcdef0123456789abcdef" };
        var made = await organizations.EnsureAsync(seed, CancellationToken.None);
        var before = await api.DigestAsync();
        var again = await organizations.EnsureAsync(seed with { Name = "Renamed", MaxConcurrent = 1 }, CancellationToken.None);
        Assert.Equal(made, again);
        Assert.Equal(before, await api.DigestAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => organizations.EnsureAsync(seed with { ApiKey = "short" }, CancellationToken.None));
        Assert.Equal(before, await api.DigestAsync());
    }

    [Fact]
    public async Task Start_WithABadBootstrapSection_NamesEveryProperty()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["ConnectionStrings:Campaigns"] = "Host=127.0.0.1;Port=1",
            ["urls"] = "http://127.0.0.1:0",
            ["Campaigns:Bootstrap:Slug"] = "No Spaces",
            ["Campaigns:Bootstrap:TimeZone"] = "Mars/Olympus",
            ["Campaigns:Bootstrap:DefaultRegion"] = "12",
            ["Campaigns:Bootstrap:ApiKey"] = "short",
        });
        builder.Logging.ClearProviders();
        builder.AddCampaignsApi();
        await using var app = builder.Build();
        var failure = await Assert.ThrowsAsync<OptionsValidationException>(() => app.StartAsync());
        Assert.True(failure.Failures.Count() == 4, failure.Message);
        Assert.All(["Slug", "TimeZone", "DefaultRegion", "ApiKey"], property => Assert.Contains($"BootstrapOptions.{property} ", failure.Message, StringComparison.Ordinal));
    }
}
