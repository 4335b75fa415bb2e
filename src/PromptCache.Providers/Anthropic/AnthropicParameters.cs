using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Everything in the request beside tools and messages. It stands behind them, so that a changed parameter changes no byte of the prefix.</summary>
internal static class AnthropicParameters
{
    // Anthropic's own parameters, which some clients send along: they go as they are.
    private static readonly byte[][] Native =
    [
        "container"u8.ToArray(), "mcp_servers"u8.ToArray(), "context_management"u8.ToArray(), "inference_geo"u8.ToArray(), "speed"u8.ToArray(), "diagnostics"u8.ToArray(),
    ];

    // Refused where a client would wait for what Anthropic cannot give. What only steers (seed, penalties, logit_bias, verbosity,
    // prediction, store, ...) is left out, as Anthropic's own OpenAI-compatible route does.
    private static readonly string[] Refused = ["functions", "function_call", "audio", "web_search_options"];

    private static readonly byte[][] RefusedNames = [.. Refused.Select(System.Text.Encoding.ASCII.GetBytes)];

    /// <summary>Says what in the request has no counterpart.</summary>
    public static RequestError? Check(PromptRequest request)
    {
        for (var i = 0; i < Refused.Length; i++)
        {
            if (!Get(request, RefusedNames[i]).IsNothing)
            {
                return Unsupported(Refused[i]);
            }
        }

        var n = Get(request, "n"u8);
        if (!n.IsNothing && (!n.TryGetInt64(out var count) || count != 1))
        {
            return new("'n' must be 1: Anthropic gives one choice.", "n", "unsupported_parameter");
        }

        var modalities = Get(request, "modalities"u8).Items();
        while (modalities.MoveNext())
        {
            if (!modalities.Value.Is("text"u8))
            {
                return Unsupported("modalities");
            }
        }

        return Get(request, "logprobs"u8).IsTrue ? Unsupported("logprobs") : null;
    }

    /// <summary>Reads the client's limit: <c>max_completion_tokens</c>, else <c>max_tokens</c>.</summary>
    public static RequestError? ReadLimit(PromptRequest request, out long? limit)
    {
        limit = null;
        var value = Get(request, "max_completion_tokens"u8);
        var name = "max_completion_tokens";
        if (value.IsNothing)
        {
            value = Get(request, "max_tokens"u8);
            name = "max_tokens";
        }

        if (value.IsNothing)
        {
            return null;
        }

        if (!value.TryGetInt64(out var tokens) || tokens < 0)
        {
            return new($"'{name}' must be a whole number.", name, "invalid_type");
        }

        limit = tokens;
        return null;
    }

    /// <summary>Writes the parameters.</summary>
    public static RequestError? Write(JsonOut json, PromptRequest request, AnthropicModel model, AnthropicThinking thinking)
    {
        json.Member("max_tokens"u8, thinking.MaxTokens);
        var native = Get(request, "thinking"u8);
        if (native.IsObject)
        {
            json.Member("thinking"u8, native.Raw);
        }
        else
        {
            thinking.Write(json);
        }

        AnthropicOutputConfig.Write(json, Get(request, "output_config"u8), Get(request, "response_format"u8), thinking, model);
        if (model.Sampling && !thinking.Thinks && (!native.IsObject || native.Get("type"u8).Is("disabled"u8)))
        {
            WriteSampling(json, request);
        }

        WriteStop(json, Get(request, "stop"u8), Get(request, "stop_sequences"u8));
        if (request.Tools.Exists && Get(request, "tools"u8).Items().MoveNext()
            && AnthropicToolChoice.Write(json, Get(request, "tool_choice"u8), Get(request, "parallel_tool_calls"u8), model) is { } wrong)
        {
            return wrong;
        }

        WriteUser(json, request);
        WriteTier(json, Get(request, "service_tier"u8));
        foreach (var name in Native)
        {
            var value = Get(request, name);
            if (!value.IsNothing)
            {
                json.Member(name, value.Raw);
            }
        }

        if (request.Stream)
        {
            json.Member("stream"u8, "true"u8);
        }

        return null;
    }

    /// <summary>A top-level member of the request.</summary>
    public static JsonValue Get(PromptRequest request, ReadOnlySpan<byte> name)
    {
        var member = request.Find(name);
        return member.Exists ? new(request.ValueOf(member)) : default;
    }

    // Anthropic's range is 0 to 1, OpenAI's 0 to 2. Both at once are refused by Claude 4.5 and later: temperature says more.
    private static void WriteSampling(JsonOut json, PromptRequest request)
    {
        var temperature = Get(request, "temperature"u8);
        var topP = Get(request, "top_p"u8);
        if (temperature.TryGetDouble(out var heat))
        {
            json.Member("temperature"u8, heat > 1 ? "1"u8 : heat < 0 ? "0"u8 : temperature.Raw);
        }
        else if (topP.IsNumber)
        {
            json.Member("top_p"u8, topP.Raw);
        }

        var topK = Get(request, "top_k"u8);
        if (topK.IsNumber)
        {
            json.Member("top_k"u8, topK.Raw);
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
        var user = Get(request, "metadata"u8).Get("user_id"u8);
        user = user.IsString ? user : Get(request, "safety_identifier"u8);
        user = user.IsString ? user : Get(request, "user"u8);
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
