using System.Buffers;
using PromptCache.Core.Requests;

namespace PromptCache.Providers;

/// <summary>A protocol that clients speak beside chat completions. To a provider that speaks it too, its bytes pass through and are metered; to any other they are translated.</summary>
public interface IInboundProtocol
{
    /// <summary>The name of the wire protocol, as in the configuration.</summary>
    string Name { get; }

    /// <summary>Members of the chat completion that are this protocol's own: they count in the prefix, and no provider of another protocol is sent them.</summary>
    IReadOnlyList<string> NativeFields { get; }

    /// <summary>Writes the request as a chat completion, markers kept: for another provider, and for counting its prefix. Deterministic.</summary>
    /// <returns>Null on success, else why it is no request.</returns>
    RequestError? ToChat(ReadOnlySpan<byte> body, IBufferWriter<byte> chat);

    /// <summary>Finds what in the request only a provider that speaks this protocol can do, so that it is not quietly left out.</summary>
    /// <returns>Null: nothing.</returns>
    RequestError? FindUntranslatable(ReadOnlySpan<byte> body);

    /// <summary>A translator for one response of a provider that answered in chat completions.</summary>
    IInboundResponse CreateResponse(in ResponseTranslation options);

    /// <summary>A meter for one response that passes through.</summary>
    IUsageMeter CreateMeter();

    /// <summary>Writes an error of the gateway's own in this protocol's shape.</summary>
    void WriteError(int status, RequestError error, IBufferWriter<byte> output);
}
