using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Quickstart.Options;

namespace Quickstart.Operate;

/// <summary>The campaign and the people as files. The campaign is the body that the API takes, less what only a run can know.</summary>
internal static class CampaignFile
{
    /// <summary>The campaign with the command line's values in it; <c>agentId</c> is still missing, <c>audience</c> may be.</summary>
    public static JsonObject Read(QuickstartOptions options)
    {
        var campaign = JsonNode.Parse(File.ReadAllText(options.Campaign))!.AsObject();
        if (options.MaxConcurrent is { } concurrent)
        {
            campaign["maxConcurrent"] = concurrent;
        }

        if (options.CallsPerMinute is { } rate)
        {
            campaign["callsPerMinute"] = rate;
        }

        return campaign;
    }

    /// <summary>Tells one set of inputs from another: a data folder goes on with the campaign it began and with no other.</summary>
    public static string Fingerprint(QuickstartOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(Read(options).ToJsonString()));
        hash.AppendData(File.ReadAllBytes(options.Contacts));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
