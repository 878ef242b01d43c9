using System.Globalization;
using Campaigns.Postgres;

namespace Campaigns.Benchmarks.Bed;

/// <summary>People who talk for as long as they are let, and a model that answers every sound: each simulator in its process.</summary>
internal sealed class TalkBed : IAsyncDisposable
{
    private const string Replies =
        "I see, and thank you for that, let me tell you then what the plan would cost you next year|That is good to hear, and will you renew it this year as you did before";

    private TalkBed(SimulatorProcess carrier, SimulatorProcess model) => (Carrier, Model) = (carrier, model);

    public SimulatorProcess Carrier { get; }

    public SimulatorProcess Model { get; }

    public static async Task<TalkBed> StartAsync(CancellationToken cancellationToken)
    {
        var carrier = await SimulatorProcess.StartAsync(
            "CarrierSimulator", ["--media", "--calls-per-minute", "none", "--account", ProductHost.Account], cancellationToken);
        try
        {
            return new TalkBed(carrier, await SimulatorProcess.StartAsync(
                "LiveModelSimulator", ["--cheap", "--chunk-ms", "100", "--cheap-replies", Replies], cancellationToken));
        }
        catch
        {
            await carrier.DisposeAsync();
            throw;
        }
    }

    /// <summary>The number of a talker, which answers after four seconds.</summary>
    public static string Number(int person) => string.Create(CultureInfo.InvariantCulture, $"+916{person:00000}3099");

    /// <summary>As the prompt has it.</summary>
    public static string Name(int person) => string.Create(CultureInfo.InvariantCulture, $"Caller {person:00000}");

    /// <summary>What a product between the two is configured with.</summary>
    public (string Key, string Value)[] Settings(string recordings) =>
    [
        ("Campaigns:Exotel:AllowPlainText", "true"),
        ("Campaigns:Gemini:Platform", "Developer"),
        ("Campaigns:Gemini:Model", "gemini-3.1-flash-live-preview"),
        ("Campaigns:Gemini:ApiKey", "key"),
        ("Campaigns:Gemini:ExtractionModel", "gemini-3.1-flash-lite"),
        ("Campaigns:Gemini:BaseAddress", Model.Address.AbsoluteUri),
        ("Campaigns:Calls:RecordingFolder", recordings),
        ("Campaigns:Calls:MaxPrepared", "2000"),
        ("Campaigns:Drive:MaxBatch", "30"),
    ];

    /// <summary>A campaign that calls talkers, all of them at once as fast as they are dealt out.</summary>
    public static async Task<Guid> DraftAsync(BenchDatabase database, int people)
    {
        var (id, agent) = (Guid.NewGuid(), Guid.NewGuid());
        var organization = await database.ScalarAsync<Guid>("SELECT id FROM organizations WHERE slug = $1", ProductHost.Slug);
        await database.ExecuteAsync(
            """UPDATE organizations SET calling_window = '{"from":"00:00","to":"23:59"}' WHERE id = $1""", organization);
        await database.ExecuteAsync("INSERT INTO agents (id, organization_id, name, system_prompt) VALUES ($1, $2, 'Asha', 'You are Asha.')", agent, organization);
        for (var i = 0; i < people; i++)
        {
            await database.ExecuteAsync(
                """
                INSERT INTO contacts (id, organization_id, name, phone, status, marketing_consent, context)
                VALUES (gen_random_uuid(), $1, $2, $3, 'active', 'GRANTED', '{}')
                """,
                organization, Name(i), Number(i));
        }

        var spec = new CampaignSpec
        {
            Name = "Bench",
            AgentId = agent,
            Instructions = "Remind them of the renewal.",
            Audience = new AudienceSpec { Status = "active" },
            MaxConcurrent = people,
            CallsPerMinute = 60_000,
            RequiresConsent = true,
        };
        await database.ExecuteAsync(
            "INSERT INTO campaigns (id, organization_id, agent_id, name, spec, created_at) VALUES ($1, $2, $3, 'Bench', $4::jsonb, now())",
            id, organization, agent, CampaignSpecJson.Write(spec));
        return id;
    }

    public async ValueTask DisposeAsync()
    {
        await Carrier.DisposeAsync();
        await Model.DisposeAsync();
    }
}
