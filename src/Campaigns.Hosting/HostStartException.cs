namespace Campaigns.Hosting;

/// <summary>A host does not start, for a reason that whoever runs it can do something about.</summary>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="innerException">The cause, if there is one.</param>
public sealed class HostStartException(string message, Exception? innerException = null) : Exception(message, innerException);
