using System.Buffers;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Writes the events of a Messages stream.</summary>
internal sealed class MessagesEvents(ResponseTranslation options)
{
    public void MessageStart(IBufferWriter<byte> output, JsonValue id)
    {
        var json = Begin(output, "message_start"u8);
        json.Name("message"u8);
        json.BeginObject();
        json.Name("id"u8);
        if (id.IsString)
        {
            json.Raw(id.Raw);
        }
        else
        {
            json.Text(options.RequestId);
        }

        json.Member("type"u8, "\"message\""u8);
        json.Member("role"u8, "\"assistant\""u8);
        json.Name("model"u8);
        json.Text(options.Model);
        json.Member("content"u8, "[]"u8);
        json.Member("stop_reason"u8, "null"u8);
        json.Member("stop_sequence"u8, "null"u8);
        json.Name("usage"u8);

        // Chat completions report at the end; message_delta then brings the figures.
        MessagesUsage.Write(json, default);
        json.EndObject();
        End(json, output);
    }

    /// <summary>Starts a text or thinking block; <paramref name="block"/> is the whole empty block.</summary>
    public static void BlockStart(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> block)
    {
        var json = Begin(output, "content_block_start"u8);
        json.Member("index"u8, index);
        json.Member("content_block"u8, block);
        End(json, output);
    }

    public static void ToolStart(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> id, ReadOnlySpan<byte> name)
    {
        var json = Begin(output, "content_block_start"u8);
        json.Member("index"u8, index);
        json.Name("content_block"u8);
        json.BeginObject();
        json.Member("type"u8, "\"tool_use\""u8);
        json.Member("id"u8, id);
        json.Member("name"u8, name);
        json.Member("input"u8, "{}"u8);
        json.Member("caller"u8, "{\"type\":\"direct\"}"u8);
        json.EndObject();
        End(json, output);
    }

    /// <summary>A piece of a block: <paramref name="text"/> is the inside of a JSON string.</summary>
    public static void Delta(IBufferWriter<byte> output, int index, ReadOnlySpan<byte> type, ReadOnlySpan<byte> member, ReadOnlySpan<byte> text)
    {
        var json = Begin(output, "content_block_delta"u8);
        json.Member("index"u8, index);
        json.Name("delta"u8);
        json.BeginObject();
        json.Name("type"u8);
        json.RawText(type);
        json.Name(member);
        json.RawText(text);
        json.EndObject();
        End(json, output);
    }

    public static void BlockStop(IBufferWriter<byte> output, int index)
    {
        var json = Begin(output, "content_block_stop"u8);
        json.Member("index"u8, index);
        End(json, output);
    }

    public static void MessageDelta(IBufferWriter<byte> output, ReadOnlySpan<byte> stopReason, JsonValue usage, JsonValue cost)
    {
        var json = Begin(output, "message_delta"u8);
        json.Name("delta"u8);
        json.BeginObject();
        json.Member("stop_reason"u8, stopReason);
        json.Member("stop_sequence"u8, "null"u8);
        json.EndObject();
        json.Name("usage"u8);
        MessagesUsage.Write(json, usage);
        if (cost.IsObject)
        {
            json.Name("cost_details"u8);
            json.RawOnOneLine(cost.Raw);
        }

        End(json, output);
    }

    public static void MessageStop(IBufferWriter<byte> output) => End(Begin(output, "message_stop"u8), output);

    public static void Ping(IBufferWriter<byte> output) => End(Begin(output, "ping"u8), output);

    public static void Error(IBufferWriter<byte> output, ReadOnlySpan<byte> original)
    {
        output.Write("event: error\ndata: "u8);
        MessagesErrors.WriteFrom(new JsonOut(output), 500, original);
        output.Write("\n\n"u8);
    }

    private static JsonOut Begin(IBufferWriter<byte> output, ReadOnlySpan<byte> type)
    {
        output.Write("event: "u8);
        output.Write(type);
        output.Write("\ndata: "u8);
        var json = new JsonOut(output);
        json.BeginObject();
        json.Name("type"u8);
        json.RawText(type);
        return json;
    }

    private static void End(JsonOut json, IBufferWriter<byte> output)
    {
        json.EndObject();
        output.Write("\n\n"u8);
    }
}
