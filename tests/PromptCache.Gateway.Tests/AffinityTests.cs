using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>What keeps a conversation where its prefix is.</summary>
public sealed class AffinityTests
{
    private const string Answer = """{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":1,"total_tokens":21}}""";

    [Fact]
    public async Task Chat_ProviderWithAnAffinityField_GetsTheSameKeyForTheSameConversation()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "openai");

        await gateway.ChatAsync(Bodies.Chat("gpt-4o", stream: false, ("system", "S"), ("user", "A")));
        await gateway.ChatAsync(Bodies.Chat("gpt-4o", stream: false, ("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C")));
        await gateway.ChatAsync(Bodies.Chat("gpt-4o", stream: false, ("system", "S"), ("user", "Z")));

        var keys = upstream.Requests.Select(r => Bodies.Json(Encoding.UTF8.GetString(r.Body)).GetProperty("prompt_cache_key").GetString()!).ToArray();
        keys[1].ShouldBe(keys[0]);
        keys[2].ShouldNotBe(keys[0]);
    }

    [Fact]
    public async Task Chat_AffinityKey_IsAnotherOneForAnotherTenantAndUnderAnotherSecret()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        async Task SendAsync(string secret, params string[] tenants)
        {
            await using var gateway = await TestGateway.StartAsync($$"""
                { "PromptCache": { "Store": { "Secret": "{{secret}}" }, "Providers": { "openai": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" } } } }
                """);
            foreach (var tenant in tenants)
            {
                await gateway.ChatAsync(Bodies.Chat("gpt-4o", stream: false, ("system", "S"), ("user", "A")), tenant);
            }
        }

        await SendAsync("0123456789abcdef0123456789abcdef", "one", "two");
        await SendAsync("0123456789abcdef0123456789abcdef", "one");
        await SendAsync("ffffffffffffffffffffffffffffffff", "one");

        var keys = upstream.Requests.Select(r => Bodies.Json(Encoding.UTF8.GetString(r.Body)).GetProperty("prompt_cache_key").GetString()!).ToArray();
        keys[1].ShouldNotBe(keys[0]);
        keys[2].ShouldBe(keys[0], "another gateway, or the same one after a restart");
        keys[3].ShouldNotBe(keys[0]);
    }

    [Fact]
    public async Task Chat_AgentWithToolsAndImages_KeepsItsAffinityKeyOnEveryTurn()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "openai");
        const string Head = """{"model":"gpt-4o","tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object"} } }],"messages":[{"role":"system","content":"S"},{"role":"user","content":[{"type":"text","text":"A"},{"type":"image_url","image_url":{"url":"https://a/b.png"} }]}""";
        string[] tails =
        [
            "]}",
            """,{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"} }]},{"role":"tool","tool_call_id":"c","content":"1"}]}""",
            """,{"role":"assistant","content":null,"tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{}"} }]},{"role":"tool","tool_call_id":"c","content":"1"},{"role":"assistant","content":"B"},{"role":"user","content":"C"}],"tool_choice":"none","temperature":0.1}""",
        ];

        foreach (var tail in tails)
        {
            await gateway.ChatAsync(Head + tail);
        }

        upstream.Requests.Select(r => Bodies.Json(Encoding.UTF8.GetString(r.Body)).GetProperty("prompt_cache_key").GetString()).Distinct().ShouldHaveSingleItem().ShouldNotBeNull().Length.ShouldBe(3 + 32);
    }

    [Fact]
    public async Task Chat_ClientsOwnAffinityKey_Stays()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "openai");
        const string Body = """{"model":"gpt-4o","prompt_cache_key":"mine","messages":[{"role":"user","content":"A"}]}""";

        await gateway.ChatAsync(Body);

        Encoding.UTF8.GetString(upstream.Requests[0].Body).ShouldBe(Body);
    }

    [Fact]
    public async Task Chat_AffinityOff_SendsTheClientsBytes()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "openai", """, "Affinity": false """);
        const string Body = """{"model":"gpt-4o", "messages":[{"role":"user","content":"A"}] }""";

        await gateway.ChatAsync(Body);

        Encoding.UTF8.GetString(upstream.Requests[0].Body).ShouldBe(Body);
    }

    [Fact]
    public async Task Chat_Grok_GetsTheConversationHeader()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "xai");

        await gateway.ChatAsync(Bodies.Chat("grok-4.5", stream: false, ("user", "A")));

        upstream.Requests[0].Headers["x-grok-conv-id"].ToString().ShouldStartWith("pc-");
    }

    [Fact]
    public async Task Chat_Vllm_GetsASaltPerTenant()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Answer);
        await using var gateway = await StartAsync(upstream.BaseUrl, "vllm");

        await gateway.ChatAsync(Bodies.Chat("m", stream: false, ("user", "A")), key: "one");
        await gateway.ChatAsync(Bodies.Chat("m", stream: false, ("user", "B")), key: "one");
        await gateway.ChatAsync(Bodies.Chat("m", stream: false, ("user", "A")), key: "two");

        var salts = upstream.Requests.Select(r => Bodies.Json(Encoding.UTF8.GetString(r.Body)).GetProperty("cache_salt").GetString()).ToArray();
        salts[1].ShouldBe(salts[0]);
        salts[2].ShouldNotBe(salts[0]);
    }

    [Fact]
    public async Task Chat_SeveralReplicas_ConversationsStayWhereTheirPrefixIs()
    {
        await using var first = await SimulatorHost.StartAsync(new() { RecordRequests = 100 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await SimulatorHost.StartAsync(new() { RecordRequests = 100 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": { "Providers": { "engine": { "BaseUrls": ["{{first.BaseUrl}}/v1", "{{second.BaseUrl}}/v1"], "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }
            """);

        for (var conversation = 0; conversation < 6; conversation++)
        {
            var history = new List<(string, string)> { ("system", $"You are agent {conversation}. " + Bodies.Text(200, "Be kind.")) };
            var (one, two) = (first.ArrivedRequests, second.ArrivedRequests);
            for (var turn = 0; turn < 4; turn++)
            {
                history.Add(("user", $"Question {turn}"));
                await gateway.ChatAsync(Bodies.Chat([.. history]));
            }

            // All four turns of a conversation went to one replica.
            (first.ArrivedRequests - one, second.ArrivedRequests - two).ShouldBeOneOf((4, 0), (0, 4));
        }
    }

    [Fact]
    public async Task Chat_ReplicaGone_TheOtherServes()
    {
        await using var alive = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        string gone;
        await using (var dead = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken))
        {
            gone = dead.BaseUrl;
        }

        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": { "Providers": { "engine": { "BaseUrls": ["{{gone}}/v1", "{{alive.BaseUrl}}/v1"], "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }
            """);

        for (var i = 0; i < 12; i++)
        {
            using var response = await gateway.SendAsync(Bodies.Chat(("user", $"Question {i}")));
            ((int)response.StatusCode).ShouldBe(200);
        }
    }

    [Fact]
    public async Task Chat_FallbackServedTheConversation_NextTurnStaysThere()
    {
        await using var first = await SimulatorHost.StartAsync(new() { Error = "500", ErrorTimes = 1 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var second = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": {
                    "a": { "BaseUrl": "{{first.BaseUrl}}/v1", "ApiKey": "none", "CachePolicy": "electron" },
                    "b": { "BaseUrl": "{{second.BaseUrl}}/v1", "ApiKey": "none", "CachePolicy": "electron" } },
                "Models": [ { "Match": "*", "Providers": ["a", "b"] } ] } }
            """);

        await gateway.ChatAsync(Bodies.Chat(("system", "S"), ("user", "A")));
        await gateway.ChatAsync(Bodies.Chat(("system", "S"), ("user", "A"), ("assistant", "B"), ("user", "C")));
        await gateway.ChatAsync(Bodies.Chat(("system", "other"), ("user", "A")));

        second.ArrivedRequests.ShouldBe(2);
        first.ArrivedRequests.ShouldBe(2);
    }

    private static Task<TestGateway> StartAsync(string baseUrl, string name, string more = "")
        => TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "{{name}}": { "BaseUrl": "{{baseUrl}}", "ApiKey": "none" {{more}} } } } }""");
}
