using System.Buffers;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>The chunks of what Gemini sends whole: tool calls, thought signatures, images, log probabilities.</summary>
internal sealed class GeminiChunks(ChatChunks chat)
{
    /// <summary>A tool call, whole.</summary>
    public void Call(IBufferWriter<byte> output, long choice, JsonValue part, byte[] id, int position)
    {
        var json = chat.BeginDelta(output, choice);
        json.Name("tool_calls"u8);
        json.BeginArray();
        GeminiMessageParts.WriteCall(json, part, id, position);
        json.EndArray();
        ChatChunks.End(json, output);
    }

    /// <summary>A thought signature.</summary>
    public void Signature(IBufferWriter<byte> output, long choice, JsonValue signature, byte[]? callId, int index)
    {
        var json = chat.BeginDelta(output, choice);
        json.Name("reasoning_details"u8);
        json.BeginArray();
        GeminiSignatures.WriteDetail(json, signature, callId, index);
        json.EndArray();
        ChatChunks.End(json, output);
    }

    /// <summary>An image.</summary>
    public void Image(IBufferWriter<byte> output, long choice, JsonValue data)
    {
        var json = chat.BeginDelta(output, choice);
        json.Name("images"u8);
        json.BeginArray();
        GeminiMessageParts.WriteImage(json, data);
        json.EndArray();
        ChatChunks.End(json, output);
    }

    /// <summary>The log probabilities of what an event brought.</summary>
    public void Logprobs(IBufferWriter<byte> output, long choice, JsonValue candidate)
    {
        var json = chat.BeginDelta(output, choice);
        ChatChunks.EndDelta(json);
        GeminiLogprobs.WriteMember(json, candidate);
        ChatChunks.EndChoice(json, output);
    }

    /// <summary>Why there is no answer.</summary>
    public void Refusal(IBufferWriter<byte> output, JsonValue reason)
    {
        var json = chat.BeginDelta(output);
        json.Name("refusal"u8);
        WriteRefusal(json, reason);
        ChatChunks.End(json, output);
    }

    /// <summary>Writes what the client reads in place of an answer to a prompt that was blocked.</summary>
    public static void WriteRefusal(JsonOut json, JsonValue reason)
    {
        if (reason.Text.IsEmpty)
        {
            json.Text("The provider gave no answer."u8);
        }
        else
        {
            json.RawText("The provider blocked the prompt: "u8, reason.Text);
        }
    }
}
