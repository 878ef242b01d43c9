using Campaigns.LiveModel;

namespace Campaigns.Domain.Calls;

/// <summary>Prices of the live model, US dollars per million tokens: that is, millionths of a dollar per token.</summary>
public sealed class UsageRates
{
    /// <summary>Text in. Default 0.75; change it with the price list of the model in use.</summary>
    public decimal InputText { get; set; } = 0.75m;

    /// <summary>Audio in. Default 3.</summary>
    public decimal InputAudio { get; set; } = 3m;

    /// <summary>Text out, thoughts included. Default 4.50.</summary>
    public decimal OutputText { get; set; } = 4.50m;

    /// <summary>Audio out. Default 12.</summary>
    public decimal OutputAudio { get; set; } = 12m;
}

/// <summary>What a call's tokens cost: an estimate, for the platform bills by its own count.</summary>
public static class UsageCost
{
    /// <summary>Millionths of a US dollar, rounded up; never negative, and the largest number instead of an overflow.</summary>
    /// <param name="usage">Tokens of the whole call; negative counts are taken for none.</param>
    /// <param name="rates">The prices; negative ones are taken for none.</param>
    public static long MicroDollars(LiveUsage usage, UsageRates rates)
    {
        ArgumentNullException.ThrowIfNull(rates);
        try
        {
            var cost = Part(usage.InputText, rates.InputText) + Part(usage.InputAudio, rates.InputAudio)
                + Part(usage.OutputText, rates.OutputText) + Part(usage.OutputAudio, rates.OutputAudio);
            return (long)Math.Min(Math.Ceiling(cost), long.MaxValue);
        }
        catch (OverflowException)
        {
            return long.MaxValue;
        }
    }

    private static decimal Part(long tokens, decimal rate) => Math.Max(0, tokens) * Math.Max(0, rate);
}
