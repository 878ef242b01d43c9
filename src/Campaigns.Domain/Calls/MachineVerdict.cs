using Campaigns.Calls;

namespace Campaigns.Domain.Calls;

/// <summary>Who or what answered, as far as can be told.</summary>
public abstract record MachineVerdict
{
    private MachineVerdict()
    {
    }

    /// <summary>A person, by everything heard so far.</summary>
    /// <param name="Evidence">What says so.</param>
    public sealed record Human(string Evidence) : MachineVerdict;

    /// <summary>Not clear: to be treated as a person.</summary>
    public sealed record Unsure : MachineVerdict;

    /// <summary>A machine.</summary>
    /// <param name="Kind">Which. Announcements that take no message are a <see cref="MachineKind.Menu"/>: nothing can be said to them either.</param>
    /// <param name="Evidence">The phrases and sounds that say so; may hold what was said on the line.</param>
    /// <param name="Confidence">From <see cref="MachineDetector.Certain"/> to 1.</param>
    public sealed record Machine(MachineKind Kind, string Evidence, double Confidence) : MachineVerdict;
}
