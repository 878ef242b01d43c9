using Microsoft.Extensions.Options;

namespace Campaigns.Exotel;

/// <summary>Refuses options the carrier would refuse, or under which secrets would travel in the clear. Lists every error.</summary>
public sealed class ExotelOptionsValidator : IValidateOptions<ExotelOptions>
{
    // Exotel takes stream URLs of at most 600 characters; ours adds "/media/exotel/", a session id and a token (about 100).
    private const int MaxBaseAddress = 400;

    private static readonly string[] KnownEvents = ["answered", "terminal", "ringing"];

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ExotelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        void Require(bool ok, string property, string message)
        {
            if (!ok)
            {
                errors.Add($"{nameof(ExotelOptions)}.{property} {message}");
            }
        }

        CheckAddress(options.BaseAddress, nameof(options.BaseAddress), Uri.UriSchemeHttps, Uri.UriSchemeHttp, required: true);
        CheckAddress(options.PublicBaseAddress, nameof(options.PublicBaseAddress), Uri.UriSchemeHttps, Uri.UriSchemeHttp, required: true);
        CheckAddress(
            options.MediaBaseAddress, nameof(options.MediaBaseAddress),
            Uri.UriSchemeWss, Uri.UriSchemeWs, required: options.Mode == ExotelMode.ConnectVoiceAi);
        Require(options.StreamSampleRate is 8_000 or 16_000 or 24_000, nameof(options.StreamSampleRate), "must be 8000, 16000 or 24000.");
        Require(
            IsName(options.AccountSid), nameof(options.AccountSid), "is missing or has characters other than letters, digits, '-' and '_'.");
        Require(
            IsSecret(options.ApiKey) && !options.ApiKey.Contains(':'),
            nameof(options.ApiKey), "is missing or has a blank, a colon or a non-ASCII character.");
        Require(IsSecret(options.ApiToken), nameof(options.ApiToken), "is missing or has a blank or a non-ASCII character.");
        Require(ExotelPhone.TryParse(options.CallerId, out _), nameof(options.CallerId), "must be a phone number, +… or 0….");
        Require(Enum.IsDefined(options.Mode), nameof(options.Mode), "is unknown.");
        Require(Enum.IsDefined(options.NumberFormat), nameof(options.NumberFormat), "is unknown.");
        Require(Enum.IsDefined(options.ArrayNotation), nameof(options.ArrayNotation), "is unknown.");
        Require(
            options.Mode != ExotelMode.Flow || options.FlowUrl is { IsAbsoluteUri: true } || IsName(options.FlowAppId),
            nameof(options.FlowAppId), "or FlowUrl is required in flow mode.");
        Require(options.RecordingChannels is "single" or "dual", nameof(options.RecordingChannels), "must be single or dual.");
        Require(
            options.StatusCallbackContentType is "application/json" or "multipart/form-data",
            nameof(options.StatusCallbackContentType), "must be application/json or multipart/form-data.");
        Require(
            options.Events.All(KnownEvents.Contains) && options.Events.Contains("terminal"),
            nameof(options.StatusCallbackEvents), "must be of answered, terminal, ringing, and include terminal.");
        CheckSpan(options.TimeLimit, nameof(options.TimeLimit), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(14_400));
        CheckSpan(options.RingTimeout, nameof(options.RingTimeout), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(5));
        CheckSpan(options.SendTimeout, nameof(options.SendTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2));
        CheckSpan(options.LookUpTimeout, nameof(options.LookUpTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2));
        CheckSpan(options.ConnectTimeout, nameof(options.ConnectTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2));
        CheckSpan(options.ConnectionLifetime, nameof(options.ConnectionLifetime), TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        CheckSpan(options.ConnectionIdleTimeout, nameof(options.ConnectionIdleTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        CheckSpan(options.UtcOffset, nameof(options.UtcOffset), TimeSpan.FromHours(-14), TimeSpan.FromHours(14));
        Require(options.UtcOffset.Ticks % TimeSpan.TicksPerMinute == 0, nameof(options.UtcOffset), "must be whole minutes.");
        Require(options.MaxConnections is >= 1 and <= 1_000, nameof(options.MaxConnections), "must be 1–1000.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckSpan(TimeSpan value, string property, TimeSpan least, TimeSpan most)
            => Require(value >= least && value <= most, property, $"is {value}, must be {least}–{most}.");

        void CheckAddress(Uri? address, string property, string safe, string plain, bool required)
        {
            if (address is null)
            {
                Require(!required, property, "is required.");
                return;
            }

            var shape = address.IsAbsoluteUri && (address.Scheme == safe || address.Scheme == plain);
            Require(shape, property, $"must be an absolute {safe} address.");
            if (shape)
            {
                Require(
                    address.Scheme == safe || options.AllowPlainText || address.IsLoopback, property, $"must be {safe}: secrets ride in it.");
                Require(
                    address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0,
                    property, "must not have credentials, a query or a fragment.");
                Require(address.AbsoluteUri.Length <= MaxBaseAddress, property, $"is longer than {MaxBaseAddress} characters.");
            }
        }
    }

    private static bool IsName(string? text)
        => text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static bool IsSecret(string? text)
        => text is { Length: > 0 and <= 500 } && text.All(c => c is > ' ' and < '\u007f');
}
