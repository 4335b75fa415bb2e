using PromptCache.Core.Prefixes;

namespace PromptCache.Providers.Gemini;

/// <summary>Where a request is divided into what is cached and what is sent: behind one segment.</summary>
/// <param name="IsSet">Whether it is divided at all.</param>
/// <param name="Last">The last segment of the cached part.</param>
internal readonly record struct GeminiCut(bool IsSet, Segment Last)
{
    /// <summary>Whether it lies behind the tools and the system prompt.</summary>
    public bool IsBehindSystem => IsSet && Last.Level != SegmentLevel.Messages;

    /// <summary>Whether it lies behind that part of a message's content; -1: the whole content.</summary>
    public bool IsBehindContent(int message, int part) => Is(message, SegmentOrigin.Content) && Last.Part == part;

    /// <summary>Whether it lies behind that tool call of a message.</summary>
    public bool IsBehindCall(int message, int call) => Is(message, SegmentOrigin.ToolCalls) && Last.Part == call;

    /// <summary>Whether it lies behind that message, a tool's result.</summary>
    public bool IsBehindResult(int message) => Is(message, SegmentOrigin.Content);

    private bool Is(int message, SegmentOrigin origin) => IsSet && Last.Level == SegmentLevel.Messages && Last.Item == message && Last.Origin == origin;
}
