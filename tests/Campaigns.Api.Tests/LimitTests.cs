using System.Diagnostics;
using System.Net;
using System.Text;
using Campaigns.Api.Tests.Bed;
using Campaigns.Testing;

namespace Campaigns.Api.Tests;

[Collection(ApiCollection.Name)]
public sealed class LimitTests(ApiFixture api)
{
    [PostgresTheory]
    [InlineData("contacts/import", "text/csv")]
    [InlineData("campaigns", "application/json")]
    [InlineData("contacts", "application/json")]
    public async Task Upload_OfAHundredMegabytesAnnounced_Is413AtOnceAndChangesNothing(string path, string type)
    {
        var before = await api.DigestAsync();
        using var content = new Zeros(100 << 20, announced: true, type);
        var started = Stopwatch.GetTimestamp();
        await api.Operator.PostAsync(path, content).ProblemAsync(HttpStatusCode.RequestEntityTooLarge);
        Assert.True(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(20));
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresTheory]
    [InlineData("contacts/import", "text/csv")]
    [InlineData("campaigns", "application/json")]
    public async Task Upload_OfAHundredMegabytesInChunks_IsRefusedAndChangesNothing(string path, string type)
    {
        var before = await api.DigestAsync();
        using var content = new Zeros(100 << 20, announced: false, type);
        try
        {
            using var response = await api.Operator.PostAsync(path, content);
            Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        }
        catch (HttpRequestException)
        {
            // The server hangs up on a body that goes on beyond the limit; whether the answer is read before that is a race.
        }

        Assert.True(content.Written < 60 << 20, $"{content.Written} bytes were taken");
        Assert.Equal(before, await api.DigestAsync());
    }

    [PostgresFact]
    public async Task Create_WithMoreThanAMegabyteOfJson_Is413()
        => await api.Operator.PostJsonAsync("contacts", $$"""{"name":"{{new string('x', 2 << 20)}}"}""").ProblemAsync(HttpStatusCode.RequestEntityTooLarge);

    [PostgresTheory]
    [InlineData("timeout", HttpStatusCode.GatewayTimeout)]
    [InlineData("cluster", HttpStatusCode.ServiceUnavailable)]
    [InlineData("database", HttpStatusCode.ServiceUnavailable)]
    [InlineData("bug", HttpStatusCode.InternalServerError)]
    public async Task Failure_OfWhatIsBehind_IsAProblemThatLeaksNothing(string how, HttpStatusCode status)
    {
        var problem = await api.Viewer.GetAsync($"/fail/{how}").ProblemAsync(status);
        Assert.DoesNotContain("secret", problem.ToString(), StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task Addresses_ThatDoNotExist_AreProblems()
    {
        await api.Viewer.GetAsync("nonsense").ProblemAsync(HttpStatusCode.NotFound);
        await api.Viewer.GetAsync("agents/not-an-id").ProblemAsync(HttpStatusCode.NotFound);
        await api.Viewer.DeleteAsync("agents").ProblemAsync(HttpStatusCode.MethodNotAllowed);
    }

    /// <summary>A body of one letter, sent as long as the server takes it.</summary>
    private sealed class Zeros : HttpContent
    {
        private readonly long _length;
        private readonly bool _announced;

        internal Zeros(long length, bool announced, string type)
        {
            _length = length;
            _announced = announced;
            Headers.ContentType = new(type);
        }

        internal long Written { get; private set; }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            var chunk = Encoding.ASCII.GetBytes("phone\n" + string.Concat(Enumerable.Repeat("9812345678\n", 6_000)));
            for (; Written < _length; Written += chunk.Length)
            {
                await stream.WriteAsync(chunk.AsMemory(0, (int)Math.Min(chunk.Length, _length - Written)));
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = _length;
            return _announced;
        }
    }
}
