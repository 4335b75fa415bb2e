using System.Buffers;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>The chunks of Anthropic's thinking blocks, and of tool calls that come in pieces.</summary>
internal sealed class AnthropicChunks(ChatChunks chat)
{
    /// <summary>A finished thinking block with its signature.</summary>
    public void Signed(IBufferWriter<byte> output, ReadOnlySpan<byte> text, ReadOnlySpan<byte> signature, int position)
    {
        var json = chat.BeginDelta(output);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        AnthropicReasoningDetails.WriteText(json, text, signature, position);
        json.EndArray();
        ChatChunks.End(json, output);
    }

    /// <summary>A redacted thinking block.</summary>
    public void Encrypted(IBufferWriter<byte> output, JsonValue data, int position)
    {
        var json = chat.BeginDelta(output);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        AnthropicReasoningDetails.WriteEncrypted(json, data, position);
        json.EndArray();
        ChatChunks.End(json, output);
    }

    /// <summary>The start of a tool call.</summary>
    public void ToolCall(IBufferWriter<byte> output, int position, JsonValue id, JsonValue name)
    {
        var json = BeginToolCall(output, position);
        json.Member("id"u8, id.IsString ? id.Raw : "\"\""u8);
        json.Member("type"u8, "\"function\""u8);
        json.Name("function"u8);
        json.BeginObject();
        json.Member("name"u8, name.IsString ? name.Raw : "\"\""u8);
        json.Member("arguments"u8, "\"\""u8);
        json.EndObject();
        EndToolCall(json, output);
    }

    /// <summary>A piece of a tool call's arguments.</summary>
    public void Arguments(IBufferWriter<byte> output, int position, JsonValue piece)
    {
        var json = BeginToolCall(output, position);
        json.Name("function"u8);
        json.BeginObject();
        json.Member("arguments"u8, piece.Raw);
        json.EndObject();
        EndToolCall(json, output);
    }

    /// <summary>All of a tool call's arguments.</summary>
    public void WholeArguments(IBufferWriter<byte> output, int position, JsonValue input)
    {
        var json = BeginToolCall(output, position);
        json.Name("function"u8);
        json.BeginObject();
        json.Name("arguments"u8);
        ToolArguments.WriteString(json, input);
        json.EndObject();
        EndToolCall(json, output);
    }

    private JsonOut BeginToolCall(IBufferWriter<byte> output, int position)
    {
        var json = chat.BeginDelta(output);
        json.Name("tool_calls"u8);
        json.BeginArray();
        json.BeginObject();
        json.Member("index"u8, position);
        return json;
    }

    private static void EndToolCall(JsonOut json, IBufferWriter<byte> output)
    {
        json.EndObject();
        json.EndArray();
        ChatChunks.End(json, output);
    }
}
