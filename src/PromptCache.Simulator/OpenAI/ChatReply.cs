using System.Text.Json.Nodes;
using PromptCache.Simulator.Caching;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.OpenAI;

/// <summary>Writes a chat completion, whole or as a stream of chunks.</summary>
internal sealed class ChatReply(Exchange exchange, ChatRequest request, Completion completion, UsageFacts facts, Pace pace)
{
    private readonly UsageShape _shape = exchange.Settings.Usage;
    private readonly UsagePlaces _places = exchange.Settings.Usage.InStream(request.AsksUsage);
    private readonly string _id = exchange.Engine.NewId("chatcmpl-");
    private readonly long _created = exchange.Engine.Time.GetUtcNow().ToUnixTimeSeconds();

    private string FinishReason => completion switch
    {
        { Calls: not [] } => "tool_calls",
        { WasCapped: true } => "length",
        _ => "stop",
    };

    public async Task SendAsync(PendingWrite write)
    {
        await pace.UntilAsync(Math.Max(0, facts.Output - 1));
        var body = Head("chat.completion");
        body["choices"] = new JsonArray(new JsonObject { ["index"] = 0, ["message"] = Message(), ["logprobs"] = null, ["finish_reason"] = FinishReason });
        if (_shape.Always.HasFlag(UsagePlaces.Body))
        {
            body["usage"] = _shape.Write(facts);
            AddBeside(body);
        }

        await Reply.JsonAsync(exchange, OpenAIErrors.Instance, body, write);
    }

    public async Task StreamAsync(PendingWrite write)
    {
        await pace.UntilAsync(0);
        var reply = await Reply.BeginEventsAsync(exchange, OpenAIErrors.Instance, write);
        await ChunkAsync(reply, new() { ["role"] = "assistant", ["content"] = "", ["refusal"] = null }, tokens: 0);

        foreach (var (text, tokens) in Completion.Pieces(completion.Reasoning, exchange.Options.TokensPerChunk).Where(_ => _shape.ShowsReasoning))
        {
            await pace.UntilAsync(tokens - 1);
            await ChunkAsync(reply, new() { ["reasoning_content"] = text }, tokens);
        }

        foreach (var (text, tokens) in Completion.Pieces(completion.Words, exchange.Options.TokensPerChunk))
        {
            await pace.UntilAsync(facts.Reasoning + tokens - 1);
            await ChunkAsync(reply, new() { ["content"] = text }, facts.Reasoning + tokens);
        }

        await StreamCallsAsync(reply);
        await ChunkAsync(reply, [], facts.Output, FinishReason);
        await EndAsync(reply);
    }

    private async Task StreamCallsAsync(Reply reply)
    {
        for (var i = 0; i < completion.Calls.Count; i++)
        {
            var call = Call(i);
            var (first, second) = (completion.Calls[i].Arguments[..1], completion.Calls[i].Arguments[1..]);
            call["index"] = i;
            call["function"]!["arguments"] = first;
            await ChunkAsync(reply, new() { ["tool_calls"] = new JsonArray(call) }, facts.Reasoning);
            await ChunkAsync(reply, new() { ["tool_calls"] = new JsonArray(new JsonObject { ["index"] = i, ["function"] = new JsonObject { ["arguments"] = second } }) }, facts.Output);
        }
    }

    private async Task EndAsync(Reply reply)
    {
        if (_places.HasFlag(UsagePlaces.LastChunk))
        {
            var last = Head("chat.completion.chunk");
            last["choices"] = new JsonArray();
            last["usage"] = _shape.Write(facts);
            AddBeside(last);
            await reply.EventAsync(null, last);
        }
        else if (_places.HasFlag(UsagePlaces.EmptyLastChunk))
        {
            var last = Head("chat.completion.chunk");
            last["choices"] = new JsonArray();
            await reply.EventAsync(null, last);
        }

        await reply.EventAsync(null, "[DONE]");
        await reply.EndAsync();
    }

    private ValueTask ChunkAsync(Reply reply, JsonObject delta, int tokens, string? finish = null)
    {
        var chunk = Head("chat.completion.chunk");
        var choice = new JsonObject { ["index"] = 0, ["delta"] = delta, ["logprobs"] = null, ["finish_reason"] = finish };
        chunk["choices"] = new JsonArray(choice);
        if (_places.HasFlag(UsagePlaces.NullElsewhere))
        {
            chunk["usage"] = null;
        }

        if (_places.HasFlag(UsagePlaces.EveryChunk))
        {
            chunk["usage"] = _shape.Write(facts with { Visible = Math.Max(0, tokens - facts.Reasoning), Reasoning = Math.Min(tokens, facts.Reasoning) });
        }

        if (finish is not null)
        {
            AddToFinish(chunk, choice);
        }

        return reply.EventAsync(null, chunk);
    }

    private void AddToFinish(JsonObject chunk, JsonObject choice)
    {
        if (_places.HasFlag(UsagePlaces.FinishChunk))
        {
            chunk["usage"] = _shape.Write(facts);
        }

        if (_places.HasFlag(UsagePlaces.ChoiceOfFinishChunk))
        {
            choice["usage"] = _shape.Write(facts);
        }

        if (_places.HasFlag(UsagePlaces.XGroq))
        {
            chunk["x_groq"] = new JsonObject { ["id"] = "req_sim", ["usage"] = _shape.Write(facts) };
        }
    }

    private JsonObject Head(string type) => new()
    {
        ["id"] = _id,
        ["object"] = type,
        ["created"] = _created,
        ["model"] = request.Model,
        ["system_fingerprint"] = "fp_sim",
    };

    private JsonObject Message()
    {
        var message = new JsonObject
        {
            ["role"] = "assistant",
            ["content"] = completion.Calls is [] ? string.Concat(completion.Words) : null,
            ["refusal"] = null,
        };
        if (_shape.ShowsReasoning && completion.Reasoning is not [])
        {
            message["reasoning_content"] = string.Concat(completion.Reasoning);
        }

        if (completion.Calls is not [])
        {
            message["tool_calls"] = new JsonArray([.. Enumerable.Range(0, completion.Calls.Count).Select(Call)]);
        }

        return message;
    }

    private JsonObject Call(int index) => new()
    {
        ["id"] = $"call_{_id[^8..]}_{index}",
        ["type"] = "function",
        ["function"] = new JsonObject { ["name"] = completion.Calls[index].Name, ["arguments"] = completion.Calls[index].Arguments },
    };

    private void AddBeside(JsonObject body)
    {
        foreach (var (name, value) in _shape.Beside?.Invoke(facts) ?? [])
        {
            body[name] = value?.DeepClone();
        }
    }
}
