using System.Text.Json.Nodes;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>Writes a message, whole or as events.</summary>
internal sealed class MessagesReply(Exchange exchange, string model, Completion completion, int promptTokens, CacheOutcome cache, Pace pace)
{
    private readonly string _id = exchange.Engine.NewId("msg_");

    private int Output => completion.Tokens + completion.Reasoning.Count;

    private string Thinking => string.Concat(completion.Reasoning);

    private string StopReason => completion switch
    {
        { Calls: not [] } => "tool_use",
        { WasCapped: true } => "max_tokens",
        _ => "end_turn",
    };

    public async Task SendAsync(PendingWrite write)
    {
        await pace.UntilAsync(Math.Max(0, Output - 1));
        var body = Message(Output);
        body["content"] = new JsonArray([.. Blocks()]);
        body["stop_reason"] = StopReason;
        await Reply.JsonAsync(exchange, AnthropicErrors.Instance, body, write);
    }

    public async Task StreamAsync(PendingWrite write)
    {
        await pace.UntilAsync(0);
        var reply = await Reply.BeginEventsAsync(exchange, AnthropicErrors.Instance, write);
        await SendAsync(reply, "message_start", new() { ["message"] = Message(output: 1) });
        var index = 0;
        if (completion.Reasoning is not [])
        {
            await StreamThinkingAsync(reply, index++);
        }

        if (completion.Words is not [])
        {
            await StreamTextAsync(reply, index++);
        }

        foreach (var call in completion.Calls)
        {
            await StreamCallAsync(reply, index++, call);
        }

        // No cache_creation here: the split is in message_start only. The numbers are totals, not what was added.
        await SendAsync(reply, "message_delta", new()
        {
            ["delta"] = new JsonObject { ["stop_reason"] = StopReason, ["stop_sequence"] = null },
            ["usage"] = new JsonObject
            {
                ["input_tokens"] = promptTokens - cache.Read - cache.Written,
                ["cache_creation_input_tokens"] = cache.Written,
                ["cache_read_input_tokens"] = cache.Read,
                ["output_tokens"] = Output,
            },
        });
        await SendAsync(reply, "message_stop", []);
        await reply.EndAsync();
    }

    private static ValueTask SendAsync(Reply reply, string type, JsonObject data)
    {
        data.Insert(0, "type", type);
        return reply.EventAsync(type, data);
    }

    private static async Task StartBlockAsync(Reply reply, int index, JsonObject block)
    {
        await SendAsync(reply, "content_block_start", new() { ["index"] = index, ["content_block"] = block });
        if (index == 0)
        {
            await SendAsync(reply, "ping", []);
        }
    }

    private static ValueTask DeltaAsync(Reply reply, int index, string type, string field, string value)
        => SendAsync(reply, "content_block_delta", new() { ["index"] = index, ["delta"] = new JsonObject { ["type"] = type, [field] = value } });

    private static ValueTask StopBlockAsync(Reply reply, int index) => SendAsync(reply, "content_block_stop", new() { ["index"] = index });

    private async Task StreamThinkingAsync(Reply reply, int index)
    {
        await StartBlockAsync(reply, index, new() { ["type"] = "thinking", ["thinking"] = "", ["signature"] = "" });
        foreach (var (text, tokens) in Completion.Pieces(completion.Reasoning, exchange.Options.TokensPerChunk))
        {
            await pace.UntilAsync(tokens - 1);
            await DeltaAsync(reply, index, "thinking_delta", "thinking", text);
        }

        await DeltaAsync(reply, index, "signature_delta", "signature", ThinkingSignature.Of(Thinking));
        await StopBlockAsync(reply, index);
    }

    private async Task StreamTextAsync(Reply reply, int index)
    {
        await StartBlockAsync(reply, index, new() { ["type"] = "text", ["text"] = "" });
        foreach (var (text, tokens) in Completion.Pieces(completion.Words, exchange.Options.TokensPerChunk))
        {
            await pace.UntilAsync(completion.Reasoning.Count + tokens - 1);
            await DeltaAsync(reply, index, "text_delta", "text", text);
        }

        await StopBlockAsync(reply, index);
    }

    private async Task StreamCallAsync(Reply reply, int index, ToolCall call)
    {
        var block = Call(call, index);
        block["input"] = new JsonObject();
        await StartBlockAsync(reply, index, block);
        foreach (var piece in new[] { "", call.Arguments[..1], call.Arguments[1..] })
        {
            await DeltaAsync(reply, index, "input_json_delta", "partial_json", piece);
        }

        await StopBlockAsync(reply, index);
    }

    private JsonObject Message(int output) => new()
    {
        ["id"] = _id,
        ["type"] = "message",
        ["role"] = "assistant",
        ["model"] = model,
        ["content"] = new JsonArray(),
        ["stop_reason"] = null,
        ["stop_sequence"] = null,
        ["usage"] = new JsonObject
        {
            ["input_tokens"] = promptTokens - cache.Read - cache.Written,
            ["cache_creation_input_tokens"] = cache.Written,
            ["cache_read_input_tokens"] = cache.Read,
            ["cache_creation"] = new JsonObject { ["ephemeral_5m_input_tokens"] = cache.Write5m, ["ephemeral_1h_input_tokens"] = cache.Write1h },
            ["output_tokens"] = output,
            ["service_tier"] = "standard",
        },
    };

    private IEnumerable<JsonNode> Blocks()
    {
        var index = 0;
        if (completion.Reasoning is not [])
        {
            index++;
            yield return new JsonObject { ["type"] = "thinking", ["thinking"] = Thinking, ["signature"] = ThinkingSignature.Of(Thinking) };
        }

        if (completion.Words is not [])
        {
            index++;
            yield return new JsonObject { ["type"] = "text", ["text"] = string.Concat(completion.Words) };
        }

        foreach (var call in completion.Calls)
        {
            yield return Call(call, index++);
        }
    }

    private JsonObject Call(ToolCall call, int index) => new()
    {
        ["type"] = "tool_use",
        ["id"] = $"toolu_{_id[4..]}_{index}",
        ["name"] = call.Name,
        ["input"] = JsonNode.Parse(call.Arguments),
        ["caller"] = new JsonObject { ["type"] = "direct" },
    };
}
