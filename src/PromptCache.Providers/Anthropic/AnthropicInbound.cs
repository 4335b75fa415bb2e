using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Clients that speak the Messages API to the gateway.</summary>
public sealed class AnthropicInbound : IInboundProtocol
{
    /// <inheritdoc/>
    public string Name => "anthropic";

    /// <inheritdoc/>
    public IReadOnlyList<string> NativeFields { get; } = ["thinking", "output_config", "speed", "citations"];

    /// <inheritdoc/>
    public RequestError? ToChat(ReadOnlySpan<byte> body, IBufferWriter<byte> chat) => MessagesRequestReader.Write(body, chat);

    /// <inheritdoc/>
    public RequestError? FindUntranslatable(ReadOnlySpan<byte> body) => MessagesRequestReader.FindUntranslatable(body);

    /// <inheritdoc/>
    public IInboundResponse CreateResponse(in ResponseTranslation options) => new MessagesResponseTranslator(options);

    /// <inheritdoc/>
    public IUsageMeter CreateMeter() => new AnthropicUsageMeter();

    /// <inheritdoc/>
    public void WriteError(int status, RequestError error, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(error);
        var json = new JsonOut(output);
        MessagesErrors.Write(json, status, error.Param is null ? error.Message : $"{error.Param}: {error.Message}");
    }
}
