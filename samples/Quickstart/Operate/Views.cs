using Campaigns;
using Campaigns.Stores;

namespace Quickstart.Operate;

/// <summary>A page of a list; <c>next</c> is the cursor of the following one.</summary>
internal sealed record PageView<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>What a run needs to know of a campaign.</summary>
internal sealed record CampaignView(
    Guid Id,
    CampaignStatus Status,
    string Name,
    RetryPolicy Retry,
    VoicePolicy Voice,
    IReadOnlyList<DispositionSpec> Dispositions,
    int TotalCount,
    string? PauseReason);

/// <summary>What a run tells of an import.</summary>
internal sealed record ImportView(
    int RowsRead, int RowsImported, int RowsRejected, int RowsRepeated, int ContactsCreated, IReadOnlyList<ImportError> RowErrors, IReadOnlyList<RepeatedRowView> RepeatedRows);

/// <summary>A row whose number stands in an earlier one.</summary>
internal sealed record RepeatedRowView(int Line, int ReplacesLine);
