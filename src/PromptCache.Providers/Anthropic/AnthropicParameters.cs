using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Everything in the request beside tools and messages. It stands behind them, so that a changed parameter changes no byte of the prefix.</summary>
internal static class AnthropicParameters
{
    // Anthropic's own parameters, which some clients send along: they go as they are.
    private static readonly string[] Native = ["top_k", "container", "mcp_servers", "context_management", "inference_geo", "speed", "diagnostics"];

    // Refused where a client would wait for what Anthropic cannot give. What only steers (seed, penalties, logit_bias, verbosity,
    // prediction, store, ...) is left out, as Anthropic's own OpenAI-compatible route does.
    private static readonly string[] Refused = ["functions", "function_call", "audio"];

    /// <summary>Says what in the request has no counterpart.</summary>
    public static RequestError? Check(PromptRequest request)
    {
        foreach (var name in Refused)
        {
            if (!Get(request, name).IsNothing)
            {
                return Unsupported(name);
            }
        }

        var n = Get(request, "n");
        if (!n.IsNothing && (!n.TryGetInt64(out var count) || count != 1))
        {
            return new("'n' must be 1: Anthropic gives one choice.", "n", "unsupported_parameter");
        }

        var modalities = Get(request, "modalities").Items();
        while (modalities.MoveNext())
        {
            if (!modalities.Value.Is("text"u8))
            {
                return Unsupported("modalities");
            }
        }

        return Get(request, "logprobs").IsTrue ? Unsupported("logprobs") : null;
    }

    /// <summary>Reads the client's limit: <c>max_completion_tokens</c>, else <c>max_tokens</c>.</summary>
    public static RequestError? ReadLimit(PromptRequest request, out long? limit)
    {
        limit = null;
        foreach (var name in (ReadOnlySpan<string>)["max_completion_tokens", "max_tokens"])
        {
            var value = Get(request, name);
            if (value.IsNothing)
            {
                continue;
            }

            if (!value.TryGetInt64(out var tokens) || tokens < 0)
            {
                return new($"'{name}' must be a whole number.", name, "invalid_type");
            }

            limit = tokens;
            return null;
        }

        return null;
    }

    /// <summary>Writes the parameters.</summary>
    public static RequestError? Write(JsonOut json, PromptRequest request, AnthropicModel model, AnthropicThinking thinking)
    {
        json.Member("max_tokens"u8, thinking.MaxTokens);
        var native = Get(request, "thinking");
        if (native.IsObject)
        {
            json.Member("thinking"u8, native.Raw);
        }
        else
        {
            thinking.Write(json);
        }

        AnthropicOutputConfig.Write(json, Get(request, "output_config"), Get(request, "response_format"), thinking, model);
        if (model.Sampling && !thinking.Thinks && !native.IsObject)
        {
            WriteSampling(json, request);
        }

        WriteStop(json, Get(request, "stop"), Get(request, "stop_sequences"));
        if (request.Tools.Exists && Get(request, "tools").Items().MoveNext()
            && AnthropicToolChoice.Write(json, Get(request, "tool_choice"), Get(request, "parallel_tool_calls")) is { } wrong)
        {
            return wrong;
        }

        WriteUser(json, request);
        WriteTier(json, Get(request, "service_tier"));
        foreach (var name in Native)
        {
            var value = Get(request, name);
            if (!value.IsNothing && (name is not "top_k" || (model.Sampling && !thinking.Thinks)))
            {
                json.Name(System.Text.Encoding.ASCII.GetBytes(name));
                json.Raw(value.Raw);
            }
        }

        if (request.Stream)
        {
            json.Member("stream"u8, "true"u8);
        }

        return null;
    }

    /// <summary>A top-level member of the request.</summary>
    public static JsonValue Get(PromptRequest request, string name)
    {
        var member = request.Find(System.Text.Encoding.ASCII.GetBytes(name));
        return member.Exists ? new(request.ValueOf(member)) : default;
    }

    // Anthropic's range is 0 to 1, OpenAI's 0 to 2. Both at once are refused by Claude 4.5 and later: temperature says more.
    private static void WriteSampling(JsonOut json, PromptRequest request)
    {
        var temperature = Get(request, "temperature");
        if (temperature.TryGetDouble(out var heat))
        {
            json.Member("temperature"u8, heat > 1 ? "1"u8 : heat < 0 ? "0"u8 : temperature.Raw);
            return;
        }

        var top = Get(request, "top_p");
        if (top.IsNumber)
        {
            json.Member("top_p"u8, top.Raw);
        }
    }

    private static void WriteStop(JsonOut json, JsonValue stop, JsonValue native)
    {
        var source = stop.IsNothing ? native : stop;
        var any = false;
        if (source.IsString)
        {
            WriteStopSequence(json, source, ref any);
        }

        var items = source.Items();
        while (items.MoveNext())
        {
            WriteStopSequence(json, items.Value, ref any);
        }

        if (any)
        {
            json.EndArray();
        }
    }

    // A sequence of nothing but white space is refused by Anthropic.
    private static void WriteStopSequence(JsonOut json, JsonValue sequence, ref bool any)
    {
        if (!sequence.IsString || sequence.IsBlankText())
        {
            return;
        }

        if (!any)
        {
            json.Name("stop_sequences"u8);
            json.BeginArray();
            any = true;
        }

        json.Raw(sequence.Raw);
    }

    private static void WriteUser(JsonOut json, PromptRequest request)
    {
        var user = Get(request, "metadata").Get("user_id"u8);
        user = user.IsString ? user : Get(request, "safety_identifier");
        user = user.IsString ? user : Get(request, "user");
        if (user.IsString)
        {
            json.Name("metadata"u8);
            json.BeginObject();
            json.Member("user_id"u8, user.Raw);
            json.EndObject();
        }
    }

    private static void WriteTier(JsonOut json, JsonValue tier)
    {
        if (tier.Is("auto"u8) || tier.Is("priority"u8))
        {
            json.Member("service_tier"u8, "\"auto\""u8);
        }
        else if (tier.Is("default"u8) || tier.Is("standard"u8) || tier.Is("standard_only"u8))
        {
            json.Member("service_tier"u8, "\"standard_only\""u8);
        }
    }

    private static RequestError Unsupported(string name) => new($"'{name}' has no counterpart at Anthropic.", name, "unsupported_parameter");
}
