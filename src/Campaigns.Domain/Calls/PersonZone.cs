using Campaigns.Calls;
using Campaigns.Domain.Windows;

namespace Campaigns.Domain.Calls;

/// <summary>The clock of the person on the line.</summary>
public static class PersonZone
{
    /// <summary>
    /// The person's zone; the organization's where theirs is not known or is none; UTC where neither is one. Unlike a dial, a conversation
    /// that is under way is not refused for want of a clock.
    /// </summary>
    public static TimeZoneInfo Of(CallBrief brief)
    {
        ArgumentNullException.ThrowIfNull(brief);
        return CallingWindows.ResolveZone(brief.TimeZone, brief.OrganizationTimeZone) is ZoneResult.Found own ? own.Zone
            : CallingWindows.ResolveZone(null, brief.OrganizationTimeZone) is ZoneResult.Found theirs ? theirs.Zone
            : TimeZoneInfo.Utc;
    }
}
