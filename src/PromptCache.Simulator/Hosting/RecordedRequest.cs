namespace PromptCache.Simulator.Hosting;

/// <summary>One request as it arrived.</summary>
/// <param name="Number">Its place in the order of arrival, from 1.</param>
/// <param name="Method">The method.</param>
/// <param name="Path">The path with its query string, as sent.</param>
/// <param name="Headers">The headers; several values of one name are joined by a comma.</param>
/// <param name="Body">The raw bytes.</param>
public sealed record RecordedRequest(long Number, string Method, string Path, IReadOnlyDictionary<string, string> Headers, ReadOnlyMemory<byte> Body);
