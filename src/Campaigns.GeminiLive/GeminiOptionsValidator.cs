using Microsoft.Extensions.Options;

namespace Campaigns.GeminiLive;

/// <summary>Refuses options the platform would refuse, or under which the key would travel in the clear. Lists every error.</summary>
public sealed class GeminiOptionsValidator : IValidateOptions<GeminiOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, GeminiOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var errors = new List<string>();
        void Require(bool ok, string property, string message)
        {
            if (!ok)
            {
                errors.Add($"{nameof(GeminiOptions)}.{property} {message}");
            }
        }

        void CheckSpan(TimeSpan value, string property, TimeSpan least, TimeSpan most)
            => Require(value >= least && value <= most, property, $"is {value}, must be {least}–{most}.");

        var vertex = options.Platform == GeminiPlatform.Vertex;
        Require(Enum.IsDefined(options.Platform), nameof(options.Platform), "is unknown.");
        Require(IsId(options.Model), nameof(options.Model), "must be a model id without a path: letters, digits, '-', '.', '_'.");
        Require(
            IsId(options.ExtractionModel), nameof(options.ExtractionModel), "must be a model id without a path: letters, digits, '-', '.', '_'.");
        Require(options.Family is null || Enum.IsDefined(options.Family.Value), nameof(options.Family), "is unknown.");
        Require(vertex || IsSecret(options.ApiKey), nameof(options.ApiKey), "is missing or has a blank or a non-ASCII character.");
        Require(!vertex || IsProject(options.Project), nameof(options.Project), "must name the Google Cloud project.");
        Require(
            !vertex || IsLocation(options.Location), nameof(options.Location), "must be a region such as us-central1, a multi-region or global.");
        Require(
            options.CredentialFile is null || File.Exists(options.CredentialFile),
            nameof(options.CredentialFile), "names a file that does not exist.");
        Require(options.Thinking is null || Enum.IsDefined(options.Thinking.Value), nameof(options.Thinking), "is unknown.");
        Require(options.ThinkingBudget is null or (>= 0 and <= 32_768), nameof(options.ThinkingBudget), "must be 0–32768.");
        Require(Enum.IsDefined(options.StartSensitivity), nameof(options.StartSensitivity), "is unknown.");
        Require(Enum.IsDefined(options.EndSensitivity), nameof(options.EndSensitivity), "is unknown.");
        Require(options.MaxSessions is >= 1 and <= 100_000, nameof(options.MaxSessions), "must be 1–100000.");
        Require(
            options.CompressionTrigger is null or (>= 5_000 and <= 1_000_000), nameof(options.CompressionTrigger), "must be 5000–1000000 tokens.");
        Require(options.CompressionTarget is null or (>= 1 and <= 1_000_000), nameof(options.CompressionTarget), "must be 1–1000000 tokens.");
        Require(
            options.CompressionTarget is null || options.CompressionTrigger is null || options.CompressionTarget < options.CompressionTrigger,
            nameof(options.CompressionTarget), "must be less than CompressionTrigger.");
        Require(
            options.TranscriptionLanguages is { } tags && tags.Length <= 10 && tags.All(IsLanguage),
            nameof(options.TranscriptionLanguages), "must be at most 10 language tags such as hi-IN.");
        CheckSpan(options.ExtractionTimeout, nameof(options.ExtractionTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        CheckSpan(options.ConnectTimeout, nameof(options.ConnectTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        CheckSpan(options.SetupTimeout, nameof(options.SetupTimeout), TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        CheckSpan(options.SendTimeout, nameof(options.SendTimeout), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
        CheckSpan(options.ConnectionLifetime, nameof(options.ConnectionLifetime), TimeSpan.FromMinutes(2), TimeSpan.FromHours(24));
        CheckSpan(options.ResumeBudget, nameof(options.ResumeBudget), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        CheckSpan(options.StableAfter, nameof(options.StableAfter), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(2));
        CheckSpan(options.UplinkBuffer, nameof(options.UplinkBuffer), TimeSpan.FromMilliseconds(200), TimeSpan.FromSeconds(10));
        CheckSpan(options.SilenceDuration, nameof(options.SilenceDuration), TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(10));
        CheckSpan(options.PrefixPadding, nameof(options.PrefixPadding), TimeSpan.Zero, TimeSpan.FromSeconds(5));
        CheckAddress();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void CheckAddress()
        {
            if (options.BaseAddress is not { } address)
            {
                return;
            }

            var shape = address.IsAbsoluteUri && address.Scheme is "https" or "wss" or "http" or "ws";
            Require(shape, nameof(options.BaseAddress), "must be an absolute https or wss address.");
            if (shape)
            {
                Require(
                    address.Scheme is "https" or "wss" || options.AllowPlainText || address.IsLoopback,
                    nameof(options.BaseAddress), "must be https or wss: the key or token rides in the request.");
                Require(
                    address.UserInfo.Length == 0 && address.Query.Length == 0 && address.Fragment.Length == 0,
                    nameof(options.BaseAddress), "must not have credentials, a query or a fragment.");
            }
        }
    }

    private static bool IsId(string? text)
        => text is { Length: > 0 and <= 200 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_');

    private static bool IsProject(string? text)
        => text is { Length: > 0 and <= 100 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ':' or '.');

    private static bool IsLocation(string? text)
        => text is { Length: > 0 and <= 60 } && text.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');

    private static bool IsLanguage(string? text)
        => text is { Length: >= 2 and <= 20 } && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsSecret(string? text)
        => text is { Length: > 0 and <= 500 } && text.All(c => c is > ' ' and < '\u007f');
}
