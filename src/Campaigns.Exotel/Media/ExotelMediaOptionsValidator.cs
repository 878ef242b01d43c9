using Microsoft.Extensions.Options;

namespace Campaigns.Exotel.Media;

/// <summary>Refuses limits under which no call could run, or that limit nothing. Lists every error.</summary>
public sealed class ExotelMediaOptionsValidator : IValidateOptions<ExotelMediaOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, ExotelMediaOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        CheckCount(options.MaxConnections, nameof(options.MaxConnections), 1, 100_000);
        CheckCount(options.MaxMessageBytes, nameof(options.MaxMessageBytes), 4_096, 4 * 1_024 * 1_024);
        CheckCount(options.MaxMalformed, nameof(options.MaxMalformed), 0, 100_000);
        CheckSpan(options.HandshakeTimeout, nameof(options.HandshakeTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(10));
        CheckSpan(options.StartTimeout, nameof(options.StartTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(2));
        CheckSpan(options.IdleTimeout, nameof(options.IdleTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10));
        CheckSpan(options.LongestStream, nameof(options.LongestStream), TimeSpan.FromSeconds(10), TimeSpan.FromHours(4));
        CheckSpan(options.SendTimeout, nameof(options.SendTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        CheckSpan(options.CloseTimeout, nameof(options.CloseTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        CheckSpan(options.MaxMediaPerSecond, nameof(options.MaxMediaPerSecond), TimeSpan.FromSeconds(1.5), TimeSpan.FromSeconds(100));
        CheckSpan(options.MediaWindow, nameof(options.MediaWindow), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckSpan(TimeSpan value, string property, TimeSpan least, TimeSpan most)
            => Require(value >= least && value <= most, property, $"is {value}, must be {least}–{most}.");

        void CheckCount(int value, string property, int least, int most)
            => Require(value >= least && value <= most, property, $"is {value}, must be {least}–{most}.");

        void Require(bool ok, string property, string message)
        {
            if (!ok)
            {
                errors.Add($"{nameof(ExotelMediaOptions)}.{property} {message}");
            }
        }
    }
}
