using System.Buffers;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Puts other figures in place of those that a Messages response reports. Members of <c>usage</c> that say nothing of tokens stay as they are.</summary>
internal static class AnthropicUsageSplice
{
    /// <summary>Writes a body with these figures.</summary>
    public static void WriteBody(ReadOnlySpan<byte> body, TokenUsage usage, IBufferWriter<byte> output)
    {
        if (JsonValue.TryParse(body, out var message) && message.IsObject)
        {
            Write(body, message, usage, output);
        }
        else
        {
            output.Write(body);
        }
    }

    /// <summary>Writes a <c>message_start</c> or <c>message_delta</c> event with these figures.</summary>
    public static void WriteEvent(ReadOnlySpan<byte> sseEvent, TokenUsage usage, IBufferWriter<byte> output)
    {
        using var text = new EventData(sseEvent);
        if (!JsonValue.TryParse(text.Span, out var data) || !data.IsObject)
        {
            output.Write(sseEvent);
            return;
        }

        using var changed = new PooledBytes(text.Span.Length + 256);
        Write(text.Span, data.Get("message"u8) is { IsObject: true } message ? message : data, usage, changed);
        SseEvent.WriteWithData(sseEvent, changed.Span, output);
    }

    private static void Write(ReadOnlySpan<byte> text, JsonValue owner, TokenUsage usage, IBufferWriter<byte> output)
    {
        var reported = owner.Get("usage"u8);
        if (reported.Exists)
        {
            var start = PlaceOf(reported, text);
            output.Write(text[..start]);
            WriteUsage(new JsonOut(output), reported, usage);
            output.Write(text[(start + reported.Raw.Length)..]);
            return;
        }

        var end = PlaceOf(owner, text) + owner.Raw.Length - 1;
        output.Write(text[..end]);
        output.Write(owner.Members().MoveNext() ? ",\"usage\":"u8 : "\"usage\":"u8);
        WriteUsage(new JsonOut(output), default, usage);
        output.Write(text[end..]);
    }

    private static int PlaceOf(JsonValue part, ReadOnlySpan<byte> text)
    {
        text.Overlaps(part.Raw, out var start);
        return start;
    }

    private static void WriteUsage(JsonOut json, JsonValue reported, TokenUsage usage)
    {
        var (written, hour) = (usage.CacheWrite ?? 0, usage.CacheWrite1h ?? 0);
        json.BeginObject();
        json.Member("input_tokens"u8, Math.Max(0, usage.Uncached ?? 0));
        json.Member("cache_creation_input_tokens"u8, written + hour);
        json.Member("cache_read_input_tokens"u8, usage.CacheRead ?? 0);
        json.Name("cache_creation"u8);
        json.BeginObject();
        json.Member("ephemeral_5m_input_tokens"u8, written);
        json.Member("ephemeral_1h_input_tokens"u8, hour);
        json.EndObject();
        json.Member("output_tokens"u8, usage.CompletionTokens ?? 0);
        var members = reported.Members();
        while (members.MoveNext())
        {
            if (!IsCounted(members))
            {
                json.RawName(members.RawName);
                json.Raw(members.Value.Raw);
            }
        }

        json.EndObject();
    }

    // The last one counts the same tokens again, by sampling iteration.
    private static bool IsCounted(JsonMembers members)
        => members.NameIs("input_tokens"u8) || members.NameIs("cache_creation_input_tokens"u8) || members.NameIs("cache_read_input_tokens"u8)
            || members.NameIs("cache_creation"u8) || members.NameIs("output_tokens"u8) || members.NameIs("iterations"u8);
}
