using System.Buffers;
using PromptCache.Core.Usage;

namespace PromptCache.Providers;

/// <summary>The provider's response to chat completions, for one response. What it writes is what OpenAI would have sent, usage included (with <c>prompt_tokens</c> inclusive of cached tokens, and a usage chunk with empty choices before <c>[DONE]</c> when streamed).</summary>
public interface IResponseTranslator
{
    /// <summary>Translates a whole JSON body of a 2xx response.</summary>
    void TranslateBody(ReadOnlySpan<byte> body, IBufferWriter<byte> output);

    /// <summary>Translates one complete SSE event (its lines and the blank line) into zero or more.</summary>
    void TranslateEvent(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output);

    /// <summary>The upstream's stream ended: writes what is still owed. A stream that was cut gets no <c>[DONE]</c>.</summary>
    void Complete(IBufferWriter<byte> output);

    /// <summary>What the provider had reported of a stream that never came to its final report; without completion tokens, which are to be counted. Null: nothing, or all of it.</summary>
    TokenUsage? ReportedBeforeEnd => null;

    /// <summary>Maps an error body to OpenAI's shape, with the original inside.</summary>
    void TranslateError(int status, ReadOnlySpan<byte> body, IBufferWriter<byte> output);
}
