namespace Campaigns.Domain.Phones;

/// <summary>What a text says as a phone number.</summary>
public abstract record PhoneResult
{
    private PhoneResult()
    {
    }

    /// <summary>It is clearly one number.</summary>
    /// <param name="E164">With + and country code, 8–16 characters.</param>
    public sealed record Valid(string E164) : PhoneResult;

    /// <summary>There is nothing but space.</summary>
    public sealed record Empty : PhoneResult;

    /// <summary>It is not clearly one number: dialling a guess would ring a stranger.</summary>
    /// <param name="Reason">For people, in lower case, without the number.</param>
    public sealed record Invalid(string Reason) : PhoneResult;
}
