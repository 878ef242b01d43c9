using System.Collections;
using Campaigns.Simulation.Faults;
using Campaigns.Simulation.Model;
using Campaigns.Simulation.Virtual;
using Orleans.SingleProcess;

namespace Campaigns.Simulation.World;

/// <summary>One run: processes on virtual time, the database, the carrier, those who command and those who judge.</summary>
internal sealed class SimulatedWorld : IEngineHooks
{
    /// <summary>The carrier account of everybody.</summary>
    public const string Account = "account";

    // What a run asks of the engine is the same for all: what was found of the grains is shared.
    private static readonly Func<Type, bool> GrainTypes = type => type.Assembly == typeof(SimulatedWorld).Assembly;
    private readonly Dice _dice;
    private readonly SingleProcessOptions _engine;
    private int _silos;

    public SimulatedWorld(int seed, PlantedBugs bugs = PlantedBugs.None, bool trace = false)
    {
        _dice = new Dice(unchecked((ulong)seed * 0x632BE59BD9B4E019));
        Seed = seed;
        Kernel = new Kernel(new Dice(_dice.Next()));
        Trace = new Trace(Kernel, trace);
        Scenario = Scenario.Draw(new Dice(_dice.Next()), bugs);
        Faults = FaultPlan.Draw(new Dice(_dice.Next()), Scenario.Weather.Storm.Ticks);
        Database = new ModelDatabase { Bugs = bugs };
        var ids = new Dice(_dice.Next());
        Database.NewId = _ => ids.Guid();
        Judge = new Judge(this);
        Carrier = new LedgerCarrier(this, new Dice(_dice.Next()));
        Webhooks = new Webhooks(this, new Dice(_dice.Next()));
        Operators = new Operators(this, new Dice(_dice.Next()));
        Troubles = new Troubles(this, new Dice(_dice.Next()));
        _engine = new SingleProcessOptions { Scheduler = Kernel, Hooks = this, GrainTypes = GrainTypes };
    }

    public int Seed { get; }

    public Kernel Kernel { get; }

    public Trace Trace { get; }

    public Scenario Scenario { get; }

    public FaultPlan Faults { get; }

    public ModelDatabase Database { get; }

    public Judge Judge { get; }

    public LedgerCarrier Carrier { get; }

    public Webhooks Webhooks { get; }

    public Operators Operators { get; }

    public Troubles Troubles { get; }

    public Tally Tally { get; } = new();

    public List<SimulatedCluster> Clusters { get; } = [];

    public List<SimulatedSilo> Silos { get; } = [];

    /// <summary>Whether failures have stopped.</summary>
    public bool IsCalm => Kernel.Now >= Scenario.Weather.Storm.Ticks;

    public bool IsDatabaseDown { get; set; }

    public int DatabaseIncarnation { get; set; }

    public bool IsCarrierDown { get; set; }

    public bool IsThrottling { get; set; }

    /// <summary>Runs until everything is terminal and a while longer, or until a promise is broken. On the thread that made the world.</summary>
    /// <exception cref="InvalidOperationException">Something left the simulation.</exception>
    public RunResult Run()
    {
        // Nothing may be brought back to whatever context the caller has.
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            Build();
            var limit = (Scenario.Weather.Storm + Scenario.Bound).Ticks;
            var end = long.MaxValue;
            var looked = -1L;
            while (Kernel.Now < end && Kernel.Step())
            {
                Judge.ThrowIfBroken();
                if (Kernel.Now == looked)
                {
                    continue;
                }

                looked = Kernel.Now;
                if (end == long.MaxValue && IsCalm && Judge.IsEverythingTerminal())
                {
                    // Late news must not wake the dead.
                    end = Kernel.Now + TimeSpan.FromSeconds(3).Ticks;
                }

                if (Kernel.Now > limit)
                {
                    Judge.Fail(Promise.AllEnds, $"{Scenario.Bound} after failures have stopped there is still: {Judge.WhatIsLeft()}");
                }
            }

            Judge.AtEnd();
            return Result(null);
        }
        catch (InvariantBrokenException broken)
        {
            Trace.Say($"BROKEN {broken.Message}");
            return Result(broken.Message);
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    /// <summary>How long a request or an answer is under way.</summary>
    public TimeSpan Way(TimeSpan? most)
        => IsCalm || !_dice.Chance(Scenario.Weather.SlowCall) ? _dice.Milliseconds(0, 4)
            : _dice.Seconds(0.01, most?.TotalSeconds ?? (_dice.Chance(0.2) ? 16 : 4));

    public SimulatedSilo? AnyOpenSilo()
    {
        var open = Silos.FindAll(s => s.IsOpen);
        return open.Count == 0 ? null : _dice.Pick(open);
    }

    /// <summary>The process stands still; past the membership's patience its cluster takes it for dead, and then it dies soon after it wakes.</summary>
    /// <returns>For how long.</returns>
    public TimeSpan Freeze(SimulatedSilo silo)
    {
        if (silo.IsDead || silo.IsFrozen)
        {
            return TimeSpan.Zero;
        }

        var span = _dice.Chance(0.3) ? _dice.Seconds(0.2, 3) : _dice.Seconds(6, 25);
        Trace.Say($"{silo.Name} stands still for {span.TotalSeconds:F1} s");
        silo.Freeze();
        Tally.Freezes++;
        if (span > Scenario.Membership && silo.Cluster.Silos.Count(s => !s.IsDead) > 1)
        {
            Kernel.After(Scenario.Membership, silo.Isolate);
            Kernel.After(span + _dice.Seconds(0, 3), silo.Crash);
        }

        Kernel.After(span, () =>
        {
            if (!silo.IsDead)
            {
                Trace.Say($"{silo.Name} wakes");
                Kernel.Wake(silo);
            }
        });
        return span;
    }

    /// <summary>A dead silo is replaced after a while; at the latest when nothing is left.</summary>
    public void OnDeath(SimulatedSilo silo)
    {
        Tally.Crashes++;
        var cluster = silo.Cluster;
        if (_dice.Chance(0.6) || Silos.TrueForAll(s => s.IsDead || s.IsStopping || s.IsIsolated))
        {
            Kernel.After(_dice.Seconds(0.5, 8), () => Join(cluster));
        }
    }

    public SimulatedSilo Join(SimulatedCluster cluster)
    {
        _silos++;
        var silo = new SimulatedSilo(this, cluster, $"silo-{_silos}", _silos)
        {
            SteadySkew = Scenario.Weather.Skew * ((2 * _dice.Share()) - 1),
        };
        cluster.Silos.Add(silo);
        Silos.Add(silo);
        Trace.Say($"{silo.Name} joins cluster {cluster.Number}, skew {silo.Clock.Skew.TotalSeconds:F3} s");
        silo.Start();
        return silo;
    }

    TurnFate IEngineHooks.BeforeTurn(Turn turn)
    {
        var fate = Faults.NextTurn(Kernel.Now);
        if (fate == TurnFate.KillSilo && Silos.Find(s => s.Name == turn.Silo) is { } silo)
        {
            CrashPoints.AtTurn(turn, fate);
            silo.Crash();
        }
        else if (fate == TurnFate.KillActivation)
        {
            CrashPoints.AtTurn(turn, fate);
            Trace.Say($"an activation of {turn.Grain} on {turn.Silo} dies");
        }

        return fate;
    }

    /// <summary>A name for an id or an answer that a replay meets again.</summary>
    public string Words(object? what) => what switch
    {
        null => "nothing",
        Guid id when Database.TrySession(id, out var session) => $"session {session.Number} of {Judge.NameOf(session.Contact)}",
        Guid id when Database.TryCampaign(id, out var campaign) => campaign.Spec.Name,
        Stores.ContactRecord contact => $"{NameOf(contact.Id)} {contact.Status} v{contact.Version} {contact.Session?.State} {contact.Session?.Outcome}",
        Stores.ClaimResult claim => $"{claim.Kind} [{string.Join(", ", claim.Orders.Select(o => $"{NameOf(o.CampaignContactId)}#{o.Attempt}"))}]",
        Stores.AttemptOutcome attempt => $"{Words(attempt.SessionId)} {attempt.Outcome}",
        Stores.OverdueSession session => $"{Words(session.SessionId)} {session.State} {session.CarrierSid}",
        Campaigns.Carrier.CarrierCall call => $"{call.Sid} {call.Kind} {call.Outcome}",
        Stores.CampaignLease lease => $"epoch {lease.Epoch}",
        string or ValueType when what is not IEnumerable => what.ToString()!,
        IEnumerable many => $"[{string.Join(", ", many.Cast<object?>().Select(Words))}]",
        _ => what.ToString()!,
    };

    private string NameOf(Guid contact) => Database.TryContact(contact, out var row) ? Judge.NameOf(row) : "nobody";

    private void Build()
    {
        var account = new AccountRow(Account, _dice.Pick([60, 120, 600, 6000]))
        {
            MaxConcurrent = _dice.Chance(0.3) ? _dice.Between(3, 6) : null,
            InboundReserve = _dice.Chance(0.2) ? 1 : 0,
        };
        Database.Accounts.Add(account.Id, account);
        var phone = 0;
        var shared = _dice.Chance(0.5);
        for (var o = 0; o < Scenario.Campaigns.Length; o++)
        {
            var organization = new OrganizationRow(_dice.Guid(), "Asia/Kolkata", _dice.Between(2, 5), account)
            {
                Weight = _dice.Pick([1, 1, 2, 5]),
                InboundReserve = _dice.Chance(0.2) ? 1 : 0,
            };
            Database.Organizations.Add(organization);

            // Organizations may know the same people: that is one live call each, and the carrier tells them apart by nothing but its id.
            phone = shared ? 0 : phone;
            for (var p = _dice.Between(4, 20); p > 0; p--)
            {
                phone += _dice.Chance(0.95) ? 1 : 0;
                organization.People.Add(new PersonRow(_dice.Guid(), $"+91{9_000_000_000 + phone}")
                {
                    Consent = _dice.Chance(0.8) ? ConsentState.Granted : ConsentState.Unknown,
                });
            }

            for (var c = 0; c < Scenario.Campaigns[o]; c++)
            {
                var spec = Scenario.DrawSpec(_dice, $"campaign {o}.{c}", organization.People);
                Database.Add(new CampaignRow(_dice.Guid(), organization, spec, VirtualClock.Start));
            }
        }

        foreach (var silos in Scenario.Clusters)
        {
            var cluster = new SimulatedCluster(Clusters.Count + 1, _engine);
            Clusters.Add(cluster);
            for (var s = 0; s < silos; s++)
            {
                Join(cluster);
            }
        }

        Operators.Begin();
        Troubles.Begin();
    }

    private RunResult Result(string? broken)
    {
        Tally.Steps = Kernel.Steps;
        Tally.VirtualHours = TimeSpan.FromTicks(Kernel.Now).TotalHours;
        Tally.Rung = Carrier.Ledger.Count;
        Tally.Takeovers = Database.Campaigns.Sum(c => Math.Max(c.LeaseEpoch - 1, 0));
        Tally.Unknown = Database.Sessions.Count(s => s.Outcome == CallOutcome.Unknown);
        var rung = Carrier.Ledger.Select(e => e.SessionId).ToHashSet();
        Tally.UnknownRung = Database.Sessions.Count(s => s.Outcome == CallOutcome.Unknown && rung.Contains(s.Id));
        Tally.Waits = Database.Waits;
        Tally.Retries = Database.Decisions.Count(d => d.Kind == DecisionKind.Retried);
        return new RunResult(Seed, broken, Kernel.Hash, Kernel.Steps, TimeSpan.FromTicks(Kernel.Now), Tally, Trace.Lines);
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Broken">The promise that was broken and how; null when none was.</param>
/// <param name="Hash">Of everything that happened.</param>
/// <param name="Steps">Turns and events.</param>
/// <param name="Time">Virtual time.</param>
/// <param name="Tally">What happened how often.</param>
/// <param name="Trace">What happened in words, if the run was traced.</param>
internal sealed record RunResult(int Seed, string? Broken, ulong Hash, long Steps, TimeSpan Time, Tally Tally, IReadOnlyList<string> Trace);
