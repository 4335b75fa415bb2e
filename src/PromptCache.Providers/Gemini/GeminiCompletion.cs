using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>A whole <c>generateContent</c> response to a chat completion.</summary>
internal sealed class GeminiCompletion(JsonOut json, ResponseTranslation options)
{
    private readonly GeminiCallIds _ids = new(options);

    /// <summary>Writes the completion.</summary>
    public void Write(JsonValue response, GeminiUsage usage)
    {
        var id = response.Get("responseId"u8);
        ChatFrame.Begin(json, "\"chat.completion\""u8, id, options);
        var candidates = response.Get("candidates"u8).Items();
        while (candidates.MoveNext())
        {
            WriteChoice(candidates.Value, candidates.Index, id);
        }

        if (candidates.Index < 0)
        {
            WriteBlocked(response.Get("promptFeedback"u8).Get("blockReason"u8));
        }

        usage.Set(response.Get("usageMetadata"u8));
        ChatFrame.End(json, usage);
    }

    private void WriteChoice(JsonValue candidate, int position, JsonValue responseId)
    {
        var parts = candidate.Get("content"u8).Get("parts"u8);
        json.BeginObject();
        json.Member("index"u8, candidate.Get("index"u8).TryGetInt64(out var index) ? index : position);
        json.Name("message"u8);
        json.BeginObject();
        json.Member("role"u8, "\"assistant\""u8);
        if (!WriteJoined("content"u8, parts, thoughts: false))
        {
            json.Member("content"u8, "null"u8);
        }

        json.Member("refusal"u8, "null"u8);
        WriteJoined("reasoning_content"u8, parts, thoughts: true);
        WriteImages(parts);
        var ids = Ids(parts, responseId);
        WriteDetails(parts, ids);
        WriteCalls(parts, ids);
        json.EndObject();
        GeminiLogprobs.WriteMember(json, candidate);
        json.Member("finish_reason"u8, GeminiFinishReason.ToFinishReason(candidate.Get("finishReason"u8), ids.Count > 0));
        json.EndObject();
    }

    private void WriteBlocked(JsonValue reason)
    {
        json.BeginObject();
        json.Member("index"u8, 0);
        json.Name("message"u8);
        json.BeginObject();
        json.Member("role"u8, "\"assistant\""u8);
        json.Member("content"u8, "null"u8);
        json.Name("refusal"u8);
        GeminiChunks.WriteRefusal(json, reason);
        json.EndObject();
        json.Member("finish_reason"u8, GeminiFinishReason.ContentFilter);
        json.EndObject();
    }

    private bool WriteJoined(ReadOnlySpan<byte> name, JsonValue parts, bool thoughts)
    {
        var any = false;
        var items = parts.Items();
        while (items.MoveNext())
        {
            var text = items.Value.Get("text"u8).Text;
            if (text.IsEmpty || GeminiMessageParts.IsThought(items.Value) != thoughts)
            {
                continue;
            }

            if (!any)
            {
                json.Name(name);
                json.BeginText();
                any = true;
            }

            json.TextPiece(text);
        }

        if (any)
        {
            json.EndText();
        }

        return any;
    }

    private void WriteImages(JsonValue parts)
    {
        var any = false;
        var items = parts.Items();
        while (items.MoveNext())
        {
            var data = items.Value.Get("inlineData"u8);
            if (!data.IsObject)
            {
                continue;
            }

            Begin("images"u8, ref any);
            GeminiMessageParts.WriteImage(json, data);
        }

        End(any);
    }

    private List<byte[]> Ids(JsonValue parts, JsonValue responseId)
    {
        var ids = new List<byte[]>();
        var items = parts.Items();
        while (items.MoveNext())
        {
            if (items.Value.Get("functionCall"u8).IsObject)
            {
                ids.Add(_ids.Of(items.Value.Get("functionCall"u8), responseId));
            }
        }

        return ids;
    }

    private void WriteDetails(JsonValue parts, List<byte[]> ids)
    {
        var any = false;
        var (call, index) = (0, 0);
        var items = parts.Items();
        while (items.MoveNext())
        {
            var id = items.Value.Get("functionCall"u8).IsObject ? ids[call++] : null;
            var signature = items.Value.Get("thoughtSignature"u8);
            if (signature.Text.IsEmpty)
            {
                continue;
            }

            Begin("reasoning_details"u8, ref any);
            GeminiSignatures.WriteDetail(json, signature, id, index++);
        }

        End(any);
    }

    private void WriteCalls(JsonValue parts, List<byte[]> ids)
    {
        var any = false;
        var call = 0;
        var items = parts.Items();
        while (items.MoveNext())
        {
            if (items.Value.Get("functionCall"u8).IsObject)
            {
                Begin("tool_calls"u8, ref any);
                GeminiMessageParts.WriteCall(json, items.Value, ids[call++], index: null);
            }
        }

        End(any);
    }

    private void Begin(ReadOnlySpan<byte> name, ref bool any)
    {
        if (!any)
        {
            json.Name(name);
            json.BeginArray();
            any = true;
        }
    }

    private void End(bool any)
    {
        if (any)
        {
            json.EndArray();
        }
    }
}
