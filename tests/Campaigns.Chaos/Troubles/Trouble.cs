namespace Campaigns.Chaos.Troubles;

/// <summary>What is done to the hosts or to their database.</summary>
public enum Trouble
{
    /// <summary><c>kill -9</c> to a campaign's owner; a successor starts under its name and addresses.</summary>
    Kill,

    /// <summary>SIGSTOP to a campaign's owner, past its lease, then SIGCONT.</summary>
    Stop,

    /// <summary>The same, between a claim and its dial.</summary>
    StopAtClaim,

    /// <summary>The same, while the carrier has a dial and holds its answer back.</summary>
    StopAtDial,

    /// <summary>SIGTERM to a campaign's owner, and a successor.</summary>
    Drain,

    /// <summary><c>kill -9</c> to the host that the carrier's callbacks go to, and a successor.</summary>
    KillApi,

    /// <summary>The end of every process of PostgreSQL at once, and recovery.</summary>
    DatabaseCrash,

    /// <summary>An orderly stop of PostgreSQL, and a start.</summary>
    DatabaseRestart,
}
