using PromptCache.Core.Usage;

namespace PromptCache.Providers;

/// <summary>Reads the usage of one response that passes through, and changes nothing.</summary>
public interface IUsageMeter
{
    /// <summary>What was reported so far; null: nothing.</summary>
    TokenUsage? Usage { get; }

    /// <summary>Whether the response came to its proper end.</summary>
    bool IsComplete { get; }

    /// <summary>Whether what was read last reports final figures: what they cost can be said there.</summary>
    bool IsReport { get; }

    /// <summary>Looks at a whole JSON body.</summary>
    void ReadBody(ReadOnlySpan<byte> body);

    /// <summary>Looks at one complete SSE event.</summary>
    void ReadEvent(ReadOnlySpan<byte> sseEvent);
}
