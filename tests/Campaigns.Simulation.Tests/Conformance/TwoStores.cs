using System.Collections.Immutable;
using Campaigns.Carrier;
using Campaigns.Domain.Contacts;
using Campaigns.Grains;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Campaigns.Stores;
using Npgsql;

namespace Campaigns.Simulation.Tests.Conformance;

/// <summary>PostgreSQL and the model side by side. Each command goes to both, and both must answer the same and be the same afterwards.</summary>
internal sealed partial class TwoStores
{
    private static readonly CallTimings Timings = new() { ExpectConversations = false };
    private static readonly string[] Owners = ["silo-1/a", "silo-2/b", "silo-3/c"];

    private readonly ModelDatabase _model = new();
    private readonly ModelCampaignStore _campaigns;
    private readonly ModelContactStore _contacts;
    private readonly ModelCarrierPermits _permits;
    private readonly ModelPermitLedger _ledger;
    private readonly Queue<Guid> _ids = new();
    private readonly Dictionary<Guid, Guid> _tasks = [];
    private readonly List<CampaignLease> _leases = [];
    private readonly List<DialOrder> _orders = [];
    private readonly List<ContactChange> _changes = [];
    private readonly List<string> _log = [];
    private PostgresSide _postgres = null!;
    private DateTimeOffset _now = VirtualClock.Start;
    private int _sids;

    // Lines or slots: where lines are few, hardly anybody ever waits for a slot.
    private bool _slotsAreScarce;

    private TwoStores()
    {
        _campaigns = new ModelCampaignStore(_model);
        _contacts = new ModelContactStore(_model);
        _permits = new ModelCarrierPermits(_model);
        _ledger = new ModelPermitLedger(_model);
        _model.NewId = contact => contact is null ? _ids.Dequeue() : _tasks.GetValueOrDefault(contact.Id);
    }

    /// <summary>Runs the commands, each drawn from a seed of its own.</summary>
    /// <returns>The commands up to the first difference, and the difference; null when there was none.</returns>
    public static async Task<string?> RunAsync(NpgsqlDataSource database, ulong seed, IReadOnlyList<ulong> commands)
    {
        var stores = new TwoStores();
        stores.Fill(new Dice(seed));
        stores._postgres = await PostgresSide.CreateAsync(database, stores._model);
        foreach (var command in commands)
        {
            if (await stores.StepAsync(new Dice(command)) is { } difference)
            {
                return $"{string.Join('\n', stores._log)}\n{difference}";
            }
        }

        return null;
    }

    private void Fill(Dice dice)
    {
        _slotsAreScarce = dice.Chance(0.5);
        var account = new AccountRow("account", 0);
        DrawLimits(dice, account);
        _model.Accounts.Add(account.Id, account);
        for (var o = dice.Between(1, 2); o > 0; o--)
        {
            var organization = new OrganizationRow(dice.Guid(), "Asia/Kolkata", _slotsAreScarce ? 20 : dice.Between(2, 8), account);
            DrawShare(dice, organization);
            _model.Organizations.Add(organization);
            var known = dice.Chance(0.5) ? 0 : o;
            for (var p = _slotsAreScarce ? dice.Between(15, 30) : dice.Between(6, 20); p > 0; p--)
            {
                organization.People.Add(new PersonRow(dice.Guid(), dice.Chance(0.1) ? null : $"+91900000{known}{100 + p}")
                {
                    Consent = dice.Pick([ConsentState.Granted, ConsentState.Granted, ConsentState.Granted, ConsentState.Denied, ConsentState.Unknown]),
                    TimeZone = dice.Pick([null, null, null, null, "Europe/London", "Asia/Dubai", "Asia/Dubai", "Nowhere/Land"]),
                });
            }

            for (var c = dice.Between(1, 3); c > 0; c--)
            {
                _model.Add(new CampaignRow(dice.Guid(), organization, DrawSpec(dice, organization, $"campaign {o}.{c}"), _now));
            }
        }
    }

    private CampaignSpec DrawSpec(Dice dice, OrganizationRow organization, string name) => new()
    {
        Name = name,
        AgentId = organization.Id,
        Channel = dice.Chance(0.03) ? Channel.Sms : Channel.VoiceRealtime,
        Audience = new AudienceSpec { ContactIds = [.. organization.People.Where(_ => dice.Chance(0.9)).Select(p => p.Id), dice.Guid()] },
        MaxConcurrent = dice.Between(1, _slotsAreScarce ? 12 : 8),
        CallsPerMinute = dice.Pick([_slotsAreScarce ? 60 : 6, 600, 600]),
        Weight = dice.Pick([1, 1, 3, 7, 100]),
        RequiresConsent = dice.Chance(0.1),
        AttemptsPerDay = dice.Between(1, 4),
        StartAt = dice.Chance(0.2) ? _now.AddSeconds(dice.Between(5, 60)) : null,
        CallingWindow = dice.Chance(0.3) ? new CallingWindow(new TimeOnly(9, 0), new TimeOnly(dice.Between(11, 15), 0)) : null,
        Retry = new RetryPolicy
        {
            Rules = ImmutableDictionary<CallOutcome, RetryRule>.Empty
                .Add(CallOutcome.NoAnswer, new RetryRule(3, [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4)]))
                .Add(CallOutcome.Failed, new RetryRule(2, [])),
        },
    };

    private async Task<string?> StepAsync(Dice dice)
    {
        _now += dice.Below(20) switch
        {
            0 => dice.Seconds(10, dice.Chance(0.3) ? 900 : 30),
            1 => -dice.Seconds(0, 2),
            < 12 => TimeSpan.Zero,
            _ => dice.Seconds(0, 3),
        };
        var (name, theirs, ours) = await SendAsync(dice);
        _log.Add($"{Words.Of(_now)} {name} = {theirs}");
        if (!string.Equals(theirs, ours, StringComparison.Ordinal))
        {
            return $"PostgreSQL answers {theirs}\nthe model answers  {ours}";
        }

        var (rows, modelled) = (await _postgres.DumpAsync(), ModelSide.Dump(_model));
        for (var i = 0; i < Math.Max(rows.Count, modelled.Count); i++)
        {
            var (row, model) = (rows.ElementAtOrDefault(i), modelled.ElementAtOrDefault(i));
            if (!string.Equals(row, model, StringComparison.Ordinal))
            {
                return $"PostgreSQL has {row}\nthe model has  {model}";
            }
        }

        return null;
    }

    /// <summary>The same question to both; a refusal by exception is an answer, too.</summary>
    private static async Task<(string Name, string Theirs, string Ours)> AskAsync<T>(
        string name, Func<Task<T>> theirs, Func<Task<T>> ours, Func<T, string> words)
        => (name, await AnswerAsync(theirs, words), await AnswerAsync(ours, words));

    private static async Task<string> AnswerAsync<T>(Func<Task<T>> ask, Func<T, string> words)
    {
        try
        {
            return words(await ask());
        }
        catch (Exception error) when (error is PostgresException or ModelConstraintException or InvalidOperationException)
        {
            return "an exception";
        }
    }
}
