using Campaigns.Postgres.Catalog;
using Quickstart.Operate;
using Quickstart.Options;

namespace Quickstart.Folder;

/// <summary>Begins a run in its folder: a new one, or the next of one that was interrupted.</summary>
internal static class RunStart
{
    /// <exception cref="StartException">The folder belongs to another campaign, or a port is taken.</exception>
    public static RunState Begin(QuickstartOptions options, RunFolder folder)
    {
        var before = folder.ReadState();
        var inputs = CampaignFile.Fingerprint(options);
        if (before is not null && before.Inputs != inputs)
        {
            throw new StartException(
                $"{folder.Path} holds a campaign of other contacts or other settings. Give those again to go on, or another folder.")
            {
                ExitCode = 2,
            };
        }

        var state = new RunState(
            Ports.ForApi(options.Port, before?.Port, QuickstartOptions.UsualPort),
            Ports.ForCarrier(before?.CarrierPort),
            before?.ApiKey ?? ApiKeyText.Create(),
            inputs,
            (before?.Runs ?? 0) + 1);
        folder.WriteState(state);
        return state;
    }
}
