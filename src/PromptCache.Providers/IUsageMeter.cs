using System.Buffers;
using PromptCache.Core.Usage;

namespace PromptCache.Providers;

/// <summary>Reads the usage of one response that passes through, and writes another in its place where the gateway counts itself.</summary>
public interface IUsageMeter : IDisposable
{
    /// <summary>What was reported so far; null: nothing. Without completion tokens while text has come that no report covers: they are to be counted.</summary>
    TokenUsage? Usage { get; }

    /// <summary>Whether the response came to its proper end.</summary>
    bool IsComplete { get; }

    /// <summary>Whether what was read last reports final figures: what they cost can be said there.</summary>
    bool IsReport { get; }

    /// <summary>Whether what was read last says figures of the prompt, final or not.</summary>
    bool CarriesUsage { get; }

    /// <summary>The text that was generated so far, decoded: for counting what a stream that breaks off did not report. Stops growing at a limit.</summary>
    ReadOnlyMemory<byte> Completion { get; }

    /// <summary>Looks at a whole JSON body.</summary>
    void ReadBody(ReadOnlySpan<byte> body);

    /// <summary>Looks at one complete SSE event.</summary>
    void ReadEvent(ReadOnlySpan<byte> sseEvent);

    /// <summary>Writes a body that <see cref="ReadBody"/> took for a report with these figures in place of its own; every other byte stays.</summary>
    void RewriteBody(ReadOnlySpan<byte> body, TokenUsage usage, IBufferWriter<byte> output);

    /// <summary>The same for an event that carries usage.</summary>
    void RewriteEvent(ReadOnlySpan<byte> sseEvent, TokenUsage usage, IBufferWriter<byte> output);
}
