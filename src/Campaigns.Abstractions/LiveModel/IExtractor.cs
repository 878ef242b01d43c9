using System.Collections.Immutable;

namespace Campaigns.LiveModel;

/// <summary>Distils a finished conversation.</summary>
public interface IExtractor
{
    /// <summary>One request to a text model; no retries inside.</summary>
    /// <exception cref="LiveModelException">It did not succeed; says whether another try can help. An answer that is not valid is transient.</exception>
    Task<Extraction> ExtractAsync(ExtractionRequest request, CancellationToken cancellationToken);
}

/// <summary>What is to be distilled.</summary>
/// <param name="SessionId">The conversation.</param>
/// <param name="Language">Language tag of the agent; digests are written in English whatever it is.</param>
/// <param name="Objective">What the call was for; empty if nothing in particular.</param>
/// <param name="Turns">The transcript.</param>
/// <param name="Known">Facts known before, so that the same things get the same keys.</param>
public sealed record ExtractionRequest(
    Guid SessionId, string Language, string Objective, ImmutableArray<ExtractionTurn> Turns, ImmutableArray<ExtractedFact> Known);

/// <summary>One turn of a transcript.</summary>
/// <param name="Position">1 for the first; what evidence refers to.</param>
/// <param name="Speaker">Who.</param>
/// <param name="Text">What was said, and for the agent what was really heard of it.</param>
public sealed record ExtractionTurn(int Position, Speaker Speaker, string Text);

/// <summary>What came out.</summary>
/// <param name="Summary">Two or three sentences for the next caller; at most 2,000 characters.</param>
/// <param name="Facts">Durable facts that the person said.</param>
/// <param name="Model">Which model wrote it.</param>
/// <param name="Usage">What it cost.</param>
public sealed record Extraction(string Summary, ImmutableArray<ExtractedFact> Facts, string Model, LiveUsage Usage);

/// <summary>A fact about a person.</summary>
/// <param name="Key">What it is about: lower-case words joined by underscores, at most 60 characters (<c>renewal_month</c>).</param>
/// <param name="Value">The fact, at most 300 characters.</param>
/// <param name="Confidence">0 to 1.</param>
/// <param name="EvidenceTurn">The turn in which the person said it.</param>
/// <param name="ValidUntil">When it stops being true, if that was said.</param>
public sealed record ExtractedFact(string Key, string Value, double Confidence, int EvidenceTurn, DateOnly? ValidUntil = null);
