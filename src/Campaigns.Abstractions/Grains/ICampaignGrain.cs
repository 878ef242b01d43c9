using Orleans;

namespace Campaigns.Grains;

/// <summary>One campaign. Its key is the campaign's id.</summary>
[Alias("campaigns.ICampaignGrain")]
public interface ICampaignGrain : IGrainWithGuidKey
{
    /// <summary>Freezes the audience and begins (or schedules) the dialling. Repeated on a started campaign it is a no-op.</summary>
    [Alias("Start")]
    Task<CommandResult> StartAsync(CancellationToken cancellationToken);

    /// <summary>Stops the dialling. When it returns, no further dial of this campaign starts; live calls go on.</summary>
    [Alias("Pause")]
    Task<CommandResult> PauseAsync(string reason, CancellationToken cancellationToken);

    /// <summary>Goes on after a pause.</summary>
    [Alias("Resume")]
    Task<CommandResult> ResumeAsync(CancellationToken cancellationToken);

    /// <summary>Ends the campaign. When it returns, no further dial of it starts; live calls go on and still land.</summary>
    [Alias("Cancel")]
    Task<CommandResult> CancelAsync(CancellationToken cancellationToken);

    /// <summary>The supervisor's poke: take the lease if it is free and drive. Harmless when repeated or when another owns it.</summary>
    /// <returns>False when the silo of this activation takes no campaigns: the activation goes, and the next poke may reach another silo.</returns>
    [Alias("Drive")]
    Task<bool> DriveAsync(CancellationToken cancellationToken);

    /// <summary>
    /// The silo drains: claims that are no dials yet go back, and the lease is let go so that another silo takes it at once. Does nothing on a
    /// silo that does not drain.
    /// </summary>
    [Alias("HandOver")]
    Task HandOverAsync(CancellationToken cancellationToken);
}

/// <summary>How a command on a campaign ended.</summary>
/// <param name="Kind">Whether it applied.</param>
/// <param name="Status">The campaign's status afterwards.</param>
/// <param name="Message">Why it was refused, fit for an operator; empty otherwise.</param>
/// <param name="Total">Contacts in the snapshot.</param>
[GenerateSerializer, Immutable, Alias("campaigns.CommandResult")]
public sealed record CommandResult(
    [property: Id(0)] CommandResultKind Kind,
    [property: Id(1)] CampaignStatus Status,
    [property: Id(2)] string Message,
    [property: Id(3)] int Total);

/// <summary>Whether a command applied.</summary>
public enum CommandResultKind
{
    /// <summary>It changed the campaign.</summary>
    Applied,

    /// <summary>The campaign was already there.</summary>
    NoOp,

    /// <summary>Not legal in the present status, or the campaign is not fit to start.</summary>
    Refused,

    /// <summary>There is no such campaign.</summary>
    NotFound,
}
