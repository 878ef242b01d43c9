using System.Net;
using System.Text;
using System.Text.Json;

namespace Campaigns.Api.Tests.Bed;

/// <summary>Short forms of what every test does.</summary>
internal static class Http
{
    internal static async Task<HttpResponseMessage> PostJsonAsync(this HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await client.PostAsync(path, content);
    }

    internal static async Task<HttpResponseMessage> PutJsonAsync(this HttpClient client, string path, string json)
    {
        using var content = new StringContent(json, Encoding.UTF8, "application/json");
        return await client.PutAsync(path, content);
    }

    internal static async Task<HttpResponseMessage> PostCsvAsync(this HttpClient client, string path, string csv, Encoding? encoding = null)
    {
        encoding ??= new UTF8Encoding(false);
        using var content = new ByteArrayContent([.. encoding.GetPreamble(), .. encoding.GetBytes(csv)]);
        content.Headers.ContentType = new("text/csv");
        return await client.PostAsync(path, content);
    }

    /// <summary>The JSON of an answer that must have this status.</summary>
    internal static async Task<JsonElement> JsonAsync(this Task<HttpResponseMessage> request, HttpStatusCode status = HttpStatusCode.OK)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"expected {status}, got {response.StatusCode}: {text}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    /// <summary>The problem of an answer that must have this status and leak nothing of our insides.</summary>
    internal static async Task<JsonElement> ProblemAsync(this Task<HttpResponseMessage> request, HttpStatusCode status)
    {
        using var response = await request;
        var text = await response.Content.ReadAsStringAsync();
        Assert.True(response.StatusCode == status, $"expected {status}, got {response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Campaigns.", text, StringComparison.Ordinal);
        var problem = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("title").GetString()));
        return problem;
    }

    /// <summary>The names of the members a problem complains about.</summary>
    internal static string[] ErrorsOf(JsonElement problem)
        => [.. problem.GetProperty("errors").EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];

    internal static string Text(this JsonElement element, string name) => element.GetProperty(name).GetString()!;

    internal static int Int(this JsonElement element, string name) => element.GetProperty(name).GetInt32();

    internal static Guid Id(this JsonElement element) => element.GetProperty("id").GetGuid();
}
