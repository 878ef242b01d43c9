namespace Campaigns.Simulation.Faults;

/// <summary>Every way in which grains and background services ask a port: each call is an await, and a place to crash at.</summary>
internal enum PortMethod
{
    StartCampaign,
    ApplyCommand,
    CountDialsUnderWay,
    AcquireLease,
    RenewLease,
    ReleaseLease,
    Claim,
    FindUndriven,
    RecentOutcomes,
    LoadContact,
    OpenSession,
    ReleaseClaim,
    SkipClaim,
    ApplyChange,
    ReleaseStranded,
    ReleaseStaleClaims,
    HasRivalDial,
    FindBoundSids,
    TakeOverdue,
    PlaceCall,
    LookUp,
    Find,
    BookPermit,
    ReportThrottled,
    Reconcile,
}
