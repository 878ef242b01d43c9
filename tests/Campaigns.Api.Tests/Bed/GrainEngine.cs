using Campaigns.Calls;
using Campaigns.Carrier;
using Campaigns.Grains;
using Campaigns.Postgres;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Orleans.Hosting;

namespace Campaigns.Api.Tests.Bed;

/// <summary>The real grains and stores, with a carrier that must never be asked.</summary>
internal static class GrainEngine
{
    internal static void AddGrainEngine(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptions<DriveOptions>();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddCampaignsPostgres(builder.Configuration.GetConnectionString("Campaigns")!, _ => "default");
        builder.Services.AddSingleton<ICarrier, NoCarrier>();
        builder.Services.AddSingleton<ILocalCalls, NoCalls>();
        builder.Services.AddSingleton<SiloWork>();
        builder.UseOrleans(silo => silo.UseLocalhostClustering());
        GrainCalls.Intercept(builder.Services);
    }

    private sealed class NoCalls : ILocalCalls
    {
        public IReadOnlyCollection<Guid> Live => [];

        public void Prepare(Guid sessionId) => throw new InvalidOperationException("The API rings nobody.");

        public void Discard(Guid sessionId)
        {
        }

        public ICallLine? Add(Guid sessionId, IMediaLeg leg) => null;

        public ICallLine? Take(Guid sessionId) => null;

        public void HangUp(Guid sessionId, string reason)
        {
        }
    }

    private sealed class NoCarrier : ICarrier
    {
        public Task<PlaceCallResult> PlaceCallAsync(PlaceCallRequest request, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nobody is called in these tests.");

        public Task<IReadOnlyList<CarrierCall>> LookUpAsync(IReadOnlyCollection<string> sids, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nobody is called in these tests.");

        public Task<IReadOnlyList<CarrierCall>> FindAsync(string phone, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken)
            => throw new InvalidOperationException("Nobody is called in these tests.");
    }
}
