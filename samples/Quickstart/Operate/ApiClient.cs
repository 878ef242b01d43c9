using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Campaigns.Postgres;

namespace Quickstart.Operate;

/// <summary>An operator's requests to the API, with its key.</summary>
internal sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;

    public ApiClient(Uri api, string slug, string key)
    {
        _http = new HttpClient { BaseAddress = new Uri(api, $"api/orgs/{slug}/") };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    private static JsonSerializerOptions Json { get; } = CreateJson();

    public Task<T> GetAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Get, path, null, cancellationToken);

    public Task<T> PostAsync<T>(string path, CancellationToken cancellationToken) => SendAsync<T>(HttpMethod.Post, path, null, cancellationToken);

    public Task<T> PostAsync<T>(string path, object body, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, path, JsonContent.Create(body, options: Json), cancellationToken);

    public Task<T> PostAsync<T>(string path, HttpContent body, CancellationToken cancellationToken) =>
        SendAsync<T>(HttpMethod.Post, path, body, cancellationToken);

    /// <summary>All pages of a list, whose path may have a query of its own.</summary>
    public async Task<List<T>> ListAsync<T>(string path, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (var page = await Page(null); ; page = await Page(page.Next))
        {
            all.AddRange(page.Items);
            if (page.Next is null)
            {
                return all;
            }
        }

        Task<PageView<T>> Page(string? cursor) =>
            GetAsync<PageView<T>>($"{path}{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}limit=500{(cursor is null ? "" : $"&cursor={Uri.EscapeDataString(cursor)}")}", cancellationToken);
    }

    public void Dispose() => _http.Dispose();

    private async Task<T> SendAsync<T>(HttpMethod method, string path, HttpContent? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body };
        using var response = await _http.SendAsync(request, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            throw new ApiException(method, path, response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }

        return (await response.Content.ReadFromJsonAsync<T>(Json, cancellationToken))!;
    }

    // The API leaves out what is null.
    private static JsonSerializerOptions CreateJson()
    {
        var options = new JsonSerializerOptions();
        CampaignSpecJson.Configure(options);
        options.RespectRequiredConstructorParameters = false;
        return options;
    }
}
