using System.Text;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Providers.Presets;

namespace PromptCache.Gateway.Tests.Providers;

/// <summary>What each provider gets: at the right place, with the right key, without what it refuses, with a hint where its caches need one.</summary>
public sealed class ProviderRequestTests
{
    private const string Answer = """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}}""";

    [Theory]
    [InlineData("openai", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("azure", "/openai/v1/chat/completions", "api-key", "key")]
    [InlineData("deepseek", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("xai", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("qwen", "/compatible-mode/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("moonshot", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("zai", "/api/paas/v4/chat/completions", "Authorization", "Bearer key")]
    [InlineData("mistral", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("groq", "/openai/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("fireworks", "/inference/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("together", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("openrouter", "/api/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("infron", "/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("smallest", "/waves/v1/chat/completions", "Authorization", "Bearer key")]
    [InlineData("gemini-openai", "/v1beta/openai/chat/completions", "Authorization", "Bearer key")]
    [InlineData("ollama", "/v1/chat/completions", "Authorization", "Bearer key")]
    public async Task Chat_Preset_GoesToItsPathWithItsKey(string preset, string path, string header, string value)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        ProviderPresets.TryGet(preset, out var traits).ShouldBeTrue();
        var below = traits.BaseUrl is { } url ? new Uri(url).AbsolutePath : "/openai/v1";
        await using var gateway = await TestGateway.StartAsync(
            $$"""{ "PromptCache": { "Providers": { "{{preset}}": { "BaseUrl": "{{new Uri(upstream.BaseUrl).GetLeftPart(UriPartial.Authority)}}{{below}}", "ApiKey": "key" } } } }""");

        await gateway.SendAsync(Bodies.Chat("m", stream: false, ("user", "A")), key: "the-client's-own");

        var request = upstream.Requests.Single();
        request.Path.ShouldBe(path);
        request.Headers[header].ToString().ShouldBe(value);
        request.Headers.Values.ShouldNotContain(v => v.ToString().Contains("the-client's-own", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Chat_BaseUrlWithAQuery_KeepsItBehindThePath()
    {
        var query = "";
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            query = context.Request.QueryString.Value!;
            context.Response.ContentType = "application/json";
            await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(Answer), context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync(
            $$"""{ "PromptCache": { "Providers": { "azure": { "BaseUrl": "{{new Uri(upstream.BaseUrl).GetLeftPart(UriPartial.Authority)}}/openai/deployments/mine?api-version=2024-10-21", "ApiKey": "key" } } } }""");

        await gateway.ChatAsync(Bodies.Chat("gpt-4o", stream: false, ("user", "A")));

        upstream.Requests.Single().Path.ShouldBe("/openai/deployments/mine/chat/completions");
        query.ShouldBe("?api-version=2024-10-21");
    }

    // Trap 22: a field that a provider does not know is a 400 at many of them. Trap 19: usage.include is Infron's and OpenRouter's own.
    [Theory]
    [InlineData("openai", "gpt-4o", "prompt_cache_key prompt_cache_retention")]
    [InlineData("openai", "gpt-5.6-sol", "prompt_cache_key prompt_cache_options prompt_cache_retention")]
    [InlineData("azure", "gpt-4o", "prompt_cache_key prompt_cache_retention")]
    [InlineData("groq", "openai/gpt-oss-120b", "")]
    [InlineData("mistral", "mistral-large-2512", "prompt_cache_key")]
    [InlineData("gemini-openai", "gemini-2.5-flash", "")]
    [InlineData("openrouter", "openai/gpt-5.6-sol", "cache_control prompt_cache_key prompt_cache_options prompt_cache_retention provider usage")]
    [InlineData("infron", "anthropic/claude-sonnet-4.5", "cache_control prompt_cache_key prompt_cache_retention provider usage")]
    [InlineData("qwen", "qwen3.7-plus", "cache_control prompt_cache_key prompt_cache_retention")]
    [InlineData("deepseek", "deepseek-chat", "prompt_cache_key prompt_cache_retention")]
    [InlineData("vllm", "m", "cache_salt prompt_cache_key prompt_cache_retention")]
    public async Task Chat_FieldsThatTheProviderRefuses_AreNotSent(string preset, string model, string sent)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream);

        await gateway.SendAsync($$"""
            {"model":"{{model}}","messages":[{"role":"user","content":"A"}],"prompt_cache_key":"k","prompt_cache_retention":"24h","prompt_cache_options":{"mode":"implicit"},
             "cache_control":{"type":"ephemeral"},"usage":{"include":true},"provider":{"allow_fallbacks":true} }
            """);

        var names = Body(upstream).EnumerateObject().Select(m => m.Name).Except(["model", "messages"]).Order(StringComparer.Ordinal);
        string.Join(' ', names).ShouldBe(sent);
    }

    // A name that a provider does not know is an error at Mistral, and at Ollama and others a limit that does not hold.
    [Theory]
    [InlineData("mistral", """ "max_completion_tokens": 64, "seed":7""", """ "max_tokens": 64, "random_seed":7""")]
    [InlineData("mistral", """ "store":false,"user":"me","service_tier":"auto","safety_identifier":"x","top_p":0.50""", """ "top_p":0.50""")]
    [InlineData("deepseek", """ "max_completion_tokens":64""", """ "max_tokens":64""")]
    [InlineData("deepseek", """ "max_tokens":1,"max_completion_tokens":64 """, """ "max_tokens":64 """)]
    [InlineData("deepseek", """ "max_completion_tokens":64,"max_tokens":1""", """ "max_tokens":64""")]
    [InlineData("deepseek", """ "max_tokens":1,"max_completion_tokens":null""", """ "max_tokens":1""")]
    [InlineData("deepseek", """ "max_completion_tokens":32,"max_completion_tokens":64""", """ "max_tokens":64""")]
    [InlineData("zai", """ "max_completion_tokens":64""", """ "max_tokens":64""")]
    [InlineData("together", """ "max_completion_tokens":64""", """ "max_tokens":64""")]
    [InlineData("ollama", """ "max_completion_tokens":64""", """ "max_tokens":64""")]
    [InlineData("openai", """ "max_completion_tokens":64,"seed":7,"store":true,"user":"me" """, """ "max_completion_tokens":64,"seed":7,"store":true,"user":"me" """)]
    [InlineData("groq", """ "max_completion_tokens":64""", """ "max_completion_tokens":64""")]
    [InlineData("moonshot", """ "max_completion_tokens":64""", """ "max_completion_tokens":64""")]
    [InlineData("gemini-openai", """ "store":true,"metadata":{"a":"b"},"seed":7""", """ "seed":7""")]
    public async Task Chat_FieldOfAnotherName_IsSentUnderTheProvidersOwn(string preset, string members, string sent)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream, """, "Affinity": false """);

        await gateway.ChatAsync($$"""{"model":"m","messages":[{"role":"user","content":"A"}],{{members.Trim()}}}""");

        Encoding.UTF8.GetString(upstream.Requests.Single().Body).ShouldBe($$"""{"model":"m","messages":[{"role":"user","content":"A"}],{{sent.Trim()}}}""");
    }

    [Theory]
    [InlineData("openai", "developer")]
    [InlineData("azure", "developer")]
    [InlineData("xai", "developer")]
    [InlineData("vllm", "developer")]
    [InlineData("deepseek", "system")]
    [InlineData("qwen", "system")]
    [InlineData("moonshot", "system")]
    [InlineData("zai", "system")]
    [InlineData("mistral", "system")]
    public async Task Chat_DeveloperRole_IsSystemWhereItIsNotKnown(string preset, string role)
    {
        const string Body = """{"model":"m","messages":[{"content":"developer", "role" : "developer"},{"role":"user","content":[{"type":"text","text":"A","role":"developer"}]},{"role":"developer","content":"B"}]}""";
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream, """, "Affinity": false """);

        await gateway.ChatAsync(Body);

        Encoding.UTF8.GetString(upstream.Requests.Single().Body).ShouldBe(Body
            .Replace("\"role\" : \"developer\"", $"\"role\" : \"{role}\"", StringComparison.Ordinal)
            .Replace("{\"role\":\"developer\",\"content\":\"B\"}", $"{{\"role\":\"{role}\",\"content\":\"B\"}}", StringComparison.Ordinal));
    }

    // What DeepSeek's model thought comes back in the history, and Groq answers 400 to it.
    [Theory]
    [InlineData("groq")]
    [InlineData("mistral")]
    public async Task Chat_ReasoningInTheHistory_IsNotSentWhereItIsRefused(string preset)
    {
        const string Body = """{"model":"m","messages":[{"role":"user","content":"A"},{"cache_control":{"type":"ephemeral"},"reasoning_content":"Hm.","role":"assistant","content":[{"type":"text","text":"B","reasoning":"kept"}], "reasoning_details":[{"type":"reasoning.text"}]},{"role":"user","content":"C"}]}""";
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var refusing = await StartAsync(preset, upstream, """, "Affinity": false """);
        await using var taking = await StartAsync("deepseek", upstream);

        await refusing.ChatAsync(Body);
        await taking.ChatAsync(Body);

        Encoding.UTF8.GetString(upstream.Requests[0].Body).ShouldBe("""{"model":"m","messages":[{"role":"user","content":"A"},{"role":"assistant","content":[{"type":"text","text":"B","reasoning":"kept"}]},{"role":"user","content":"C"}]}""");
        Encoding.UTF8.GetString(upstream.Requests[1].Body).ShouldContain("\"reasoning_content\":\"Hm.\"");
    }

    [Theory]
    [InlineData("openai", true)]
    [InlineData("groq", true)]
    [InlineData("xai", true)]
    [InlineData("moonshot", true)]
    [InlineData("vllm", true)]
    [InlineData("mistral", false)]
    public async Task Chat_Stream_AsksForUsageWhereThatMayBeAsked(string preset, bool asks)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream);

        await gateway.SendAsync("""{"model":"m","stream":true,"messages":[{"role":"user","content":"A"}]}""");
        await gateway.SendAsync(Bodies.Chat("m", stream: true, ("user", "A")));

        foreach (var request in upstream.Requests)
        {
            Bodies.Json(Encoding.UTF8.GetString(request.Body)).TryGetProperty("stream_options", out _).ShouldBe(asks);
        }
    }

    [Theory]
    [InlineData("openai", "prompt_cache_key", "")]
    [InlineData("azure", "prompt_cache_key", "")]
    [InlineData("mistral", "prompt_cache_key", "")]
    [InlineData("openrouter", "session_id", "")]
    [InlineData("xai", "", "x-grok-conv-id")]
    [InlineData("fireworks", "", "x-session-affinity")]
    public async Task Chat_ProviderWhoseCachesNeedAHint_GetsOne(string preset, string field, string header)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream);

        await gateway.ChatAsync(Bodies.Chat("m", stream: false, ("system", "S"), ("user", "A")));
        await gateway.ChatAsync(Bodies.Chat("m", stream: false, ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C")));

        var hints = upstream.Requests.Select(r => field.Length > 0
            ? Bodies.Json(Encoding.UTF8.GetString(r.Body)).GetProperty(field).GetString()!
            : r.Headers[header].ToString()).ToArray();
        hints[0].ShouldStartWith("pc-");
        hints[1].ShouldBe(hints[0]);
    }

    [Theory]
    [InlineData("openai", "\"prompt_cache_key\":\"mine\"", "")]
    [InlineData("openrouter", "\"session_id\":\"mine\"", "")]
    [InlineData("openrouter", "\"prompt_cache_key\":\"mine\"", "")]
    [InlineData("openrouter", "\"n\":1", "x-session-id")]
    [InlineData("xai", "\"n\":1", "x-grok-conv-id")]
    [InlineData("xai", "\"prompt_cache_key\":\"mine\"", "")]
    [InlineData("fireworks", "\"n\":1", "x-session-affinity")]
    [InlineData("fireworks", "\"user\":\"mine\"", "")]
    [InlineData("vllm", "\"cache_salt\":\"mine\"", "")]
    public async Task Chat_ClientsOwnHint_StaysAlone(string preset, string member, string header)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(preset, upstream);
        var body = $$"""{"model":"m",{{member}},"messages":[{"role":"user","content":"A"}]}""";

        await gateway.SendAsync(body, key: null, header.Length > 0 ? [(header, "mine")] : []);

        Encoding.UTF8.GetString(upstream.Requests.Single().Body).ShouldBe(body);
        upstream.Requests[0].Headers.Values.ShouldNotContain(v => v.ToString().StartsWith("pc-", StringComparison.Ordinal));
        if (header.Length > 0)
        {
            upstream.Requests[0].Headers[header].ToString().ShouldBe("mine");
        }
    }

    [Theory]
    [InlineData("""{"type":"text","text":"A","cache_control":{"type":"ephemeral","ttl":"1h"}}""", """{"type":"text","text":"A","prompt_cache_breakpoint":{"mode":"explicit"}}""")]
    [InlineData("""{"cache_control": {"type":"ephemeral"}, "type":"image_url","image_url":{"url":"https://x/y.png"}}""", """{"prompt_cache_breakpoint":{"mode":"explicit"}, "type":"image_url","image_url":{"url":"https://x/y.png"}}""")]
    [InlineData("""{"type":"text","text":"A","prompt_cache_breakpoint":{"mode":"explicit"}}""", """{"type":"text","text":"A","prompt_cache_breakpoint":{"mode":"explicit"}}""")]
    [InlineData("""{"type":"text","text":"A","cache_control":null}""", """{"type":"text","text":"A"}""")]
    [InlineData("""{"type":"search_result","text":"A","cache_control":{"type":"ephemeral"}}""", """{"type":"search_result","text":"A"}""")]
    public async Task Chat_MarkerForAModelWithBreakpoints_BecomesOne(string part, string expected)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync("openai", upstream, """, "Affinity": false """);

        await gateway.ChatAsync($$"""{"model":"gpt-5.6-sol","messages":[{"role":"user","content":[{{part}}]}]}""");
        await gateway.ChatAsync($$"""{"model":"gpt-4o","messages":[{"role":"user","content":[{{part}}]}]}""");

        Encoding.UTF8.GetString(upstream.Requests[0].Body).ShouldBe($$"""{"model":"gpt-5.6-sol","messages":[{"role":"user","content":[{{expected}}]}]}""");
        Encoding.UTF8.GetString(upstream.Requests[1].Body).ShouldNotContain("prompt_cache_breakpoint");
        Encoding.UTF8.GetString(upstream.Requests[1].Body).ShouldNotContain("cache_control");
    }

    // A breakpoint may stand on parts alone: on a tool, a call or a message it is a 400.
    [Fact]
    public async Task Chat_MarkersWhereNoBreakpointMayStand_AreTakenOut()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync("openai", upstream, """, "Affinity": false """);

        await gateway.ChatAsync("""
            {"model":"gpt-5.6-sol","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"cache_control":{"type":"string"}}}},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":"A","cache_control":{"type":"ephemeral"}}]}
            """);

        Encoding.UTF8.GetString(upstream.Requests[0].Body).Trim().ShouldBe("""
            {"model":"gpt-5.6-sol","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","properties":{"cache_control":{"type":"string"}}}}}],"messages":[{"role":"user","content":"A"}]}
            """.Trim());
    }

    [Fact]
    public async Task Chat_Qwen_GetsMarkersInMessagesAlone()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync("qwen", upstream);

        await gateway.ChatAsync("""
            {"model":"qwen3.7-plus","tools":[{"type":"function","function":{"name":"f","parameters":{}},"cache_control":{"type":"ephemeral"}}],"messages":[{"role":"user","content":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}}]}]}
            """);

        Encoding.UTF8.GetString(upstream.Requests[0].Body).Trim().ShouldBe("""
            {"model":"qwen3.7-plus","tools":[{"type":"function","function":{"name":"f","parameters":{}}}],"messages":[{"role":"user","content":[{"type":"text","text":"A","cache_control":{"type":"ephemeral"}}]}]}
            """.Trim());
    }

    [Fact]
    public void Read_NothingConfigured_ModelsGoWhereTheyBearTheName()
    {
        Environment.SetEnvironmentVariable("MISTRAL_API_KEY", "key");
        try
        {
            var (model, errors) = new ConfigurationFile(null, "{}").Read();

            errors.ShouldBeEmpty();
            RoutePlanner.Plan(model!, "codestral-latest", [], allowFallbacks: true).Single().Provider.Name.ShouldBe("mistral");
            RoutePlanner.Plan(model!, "gpt-4o", [], allowFallbacks: true).Single().Provider.Name.ShouldBe("openai");
            RoutePlanner.Plan(model!, "unheard-of", [], allowFallbacks: true).Single().Provider.Name.ShouldBe("openai");
        }
        finally
        {
            Environment.SetEnvironmentVariable("MISTRAL_API_KEY", null);
        }
    }

    [Fact]
    public void All_Presets_HaveASourceAndAKnownPolicy()
    {
        foreach (var preset in ProviderPresets.All)
        {
            preset.Source.ShouldNotBeNullOrEmpty(preset.Name);
            Core.Policies.CachePolicyCatalog.Shipped.TryGet(preset.CachePolicy, out _).ShouldBeTrue(preset.Name);
            (preset.KeyVariable is not null || preset.Name is "vllm" or "sglang" or "llamacpp" or "ollama").ShouldBeTrue(preset.Name);
        }
    }

    private static System.Text.Json.JsonElement Body(ScriptedUpstream upstream) => Bodies.Json(Encoding.UTF8.GetString(upstream.Requests.Single().Body));

    private static Task<TestGateway> StartAsync(string preset, ScriptedUpstream upstream, string more = "")
        => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "{{preset}}": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" {{more}} } } } }""");
}
