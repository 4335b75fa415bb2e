using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Chat completion to <c>/v1/messages</c>.</summary>
/// <remarks>
/// The order is model, tools, system, messages, and then everything else: the bytes up to a conversation's end are the beginning of the bytes of its next turn.
///   (1) Refuse what has no counterpart
///   (2) Tools, system prompt and messages, always as arrays of blocks, so that a marker changes nothing but itself
///   (3) Thinking and the limits, which depend on how the messages ended
///   (4) The other parameters, and the top-level marker
/// </remarks>
internal sealed class AnthropicRequestTranslator : IRequestTranslator
{
    /// <inheritdoc/>
    public RequestError? Translate(PromptRequest request, string model, IBufferWriter<byte> output)
    {
        var line = AnthropicModels.Find(model);
        var error = AnthropicParameters.Check(request);                                                                                     // (1)
        error ??= AnthropicParameters.ReadLimit(request, out _);
        error ??= ChatReasoning.Read(Member(request, "reasoning_effort"u8), Member(request, "reasoning"u8), out _);
        if (error is not null)
        {
            return error;
        }

        using var instruction = new PooledBytes(256);
        var json = new JsonOut(output);
        json.BeginObject();
        json.Name("model"u8);
        json.Text(AnthropicModels.WireName(model));
        var conversation = new AnthropicConversation(line, new AnthropicMessageWriter(json));
        error = AnthropicOutputConfig.WriteInstruction(Member(request, "response_format"u8), line, instruction)
            ?? AnthropicTools.Write(json, Member(request, "tools"u8), line)
            ?? conversation.Write(Member(request, "messages"u8), instruction.Span)                                                            // (2)
            ?? AnthropicParameters.Write(json, request, line, Thinking(request, line, conversation))                                       // (3) (4)
            ?? WriteMarker(json, request);
        json.EndObject();
        return error;
    }

    private static AnthropicThinking Thinking(PromptRequest request, AnthropicModel line, AnthropicConversation conversation)
    {
        AnthropicParameters.ReadLimit(request, out var limit);
        ChatReasoning.Read(Member(request, "reasoning_effort"u8), Member(request, "reasoning"u8), out var reasoning);
        return AnthropicThinking.For(line, reasoning, limit, AnthropicToolChoice.Forces(Member(request, "tool_choice"u8)), conversation.UnthinkingToolTurn);
    }

    private static RequestError? WriteMarker(JsonOut json, PromptRequest request)
    {
        var marker = new ArrayBufferWriter<byte>(64);
        if (AnthropicCacheControl.Write(Member(request, "cache_control"u8), marker) is { } error)
        {
            return error.Spelled();
        }

        if (marker.WrittenCount > 0)
        {
            json.Member("cache_control"u8, marker.WrittenSpan);
        }

        return null;
    }

    private static JsonValue Member(PromptRequest request, ReadOnlySpan<byte> name) => AnthropicParameters.Get(request, name);
}
