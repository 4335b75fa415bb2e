using System.Buffers;

namespace PromptCache.Providers;

/// <summary>One response in chat completions to the client's own protocol.</summary>
public interface IInboundResponse
{
    /// <summary>Translates a whole JSON body of a 2xx response.</summary>
    void TranslateBody(ReadOnlySpan<byte> chat, IBufferWriter<byte> output);

    /// <summary>Translates one complete SSE event into zero or more.</summary>
    void TranslateEvent(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output);

    /// <summary>The stream ended: writes what is still owed. A stream that was cut is not ended properly.</summary>
    void Complete(IBufferWriter<byte> output);

    /// <summary>Maps an error body in OpenAI's shape, with the original inside.</summary>
    void TranslateError(int status, ReadOnlySpan<byte> body, IBufferWriter<byte> output);
}
