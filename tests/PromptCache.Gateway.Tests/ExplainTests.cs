using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Testing.Stores;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary><c>POST /promptcache/explain</c>: what it shows, every cause that it names, and what it must not do.</summary>
public sealed class ExplainTests
{
    private static readonly string Rules = Words(600, "You are a support agent.");
    private static readonly string Document = Words(700, "The handbook.");

    [Fact]
    public async Task Explain_Segments_TellLevelKindPathTokensHashAndMarker()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Rules), Text(Document).Marked("\"1h\"")), Message("user", Text("Hello.").Marked()))
            .With("tools", new JsonArray(Tool("search", "Search.")));

        var report = await ExplainAsync(bench.Gateway, body);

        report.Segments.Select(s => (s.Level, s.Kind, s.Role, s.Path, s.Marker)).ShouldBe([
            ("tools", "ToolDefinition", null, "tools[0]", null),
            ("system", "Text", "system", "messages[0].content[0]", null),
            ("system", "Text", "system", "messages[0].content[1]", "60m"),
            ("messages", "Text", "user", "messages[1].content[0]", "default")]);
        report.Segments[1].Tokens.ShouldBe(604);
        report.Segments[2].Tokens.ShouldBe(700);
        report.Segments.ShouldAllBe(s => s.To - s.From == s.Tokens && s.Hash.Length == 12);
        (report.Provider, report.Tokenizer, report.Exact).ShouldBe(("sim", "o200k_base", false));
        report.TotalTokens.ShouldBe((int)(await bench.ChatAsync(body)).Prompt);
        var policy = report.Policies.ShouldHaveSingleItem();
        (policy.Name, policy.Status, policy.Read, policy.Write1h, policy.Write5m).ShouldBe(("anthropic", "miss", 0, report.Segments[2].To, report.Segments[3].Tokens));
        policy.Uncached.ShouldBe(3);
        policy.Cost.ShouldBe(((policy.Write1h * 6m) + (policy.Write5m * 3.75m) + (3 * 3m)) / 1_000_000);
        policy.CostWithoutCache.ShouldBe(report.TotalTokens * 3m / 1_000_000);
    }

    [Fact]
    public async Task Explain_Policies_AreComparedOnTheSamePrompt()
    {
        await using var bench = await ExplicitBench.StartAsync("electron");
        var body = Body(Message("system", Text(Rules), Text(Document)), Message("user", Text("Hello.")));
        await bench.ChatAsync(body);

        var report = await ExplainAsync(bench.Gateway, body, "electron,openai,anthropic,none");

        report.Policies.Select(p => (p.Name, p.Status, p.Reason, p.Read)).ShouldBe([
            ("electron", "hit", "hit", report.TotalTokens - 3),
            ("openai", "hit", "hit", (report.TotalTokens - 3) / 128 * 128),
            ("anthropic", "bypass", "no_markers", 0),
            ("none", "bypass", "policy_none", 0)]);
        report.FirstDifference.ShouldBeNull();
        report.Match.Segment.ShouldBe(2);
    }

    [Fact]
    public async Task Explain_ForwardsRecordsAndRefreshesNothing()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Rules), Text(Document).Marked()), Message("user", Text("Hello.")));

        await ExplainAsync(bench.Gateway, body);
        bench.Forwarded.ShouldBe(0);
        (await bench.ChatAsync(body)).Buckets().ShouldBe((0, 1304, 0));
        bench.Time.Advance(TimeSpan.FromMinutes(4));
        (await ExplainAsync(bench.Gateway, body)).Policies[0].Read.ShouldBe(1304);
        bench.Time.Advance(TimeSpan.FromMinutes(1));
        (await ExplainAsync(bench.Gateway, body)).Policies[0].Read.ShouldBe(0);
        bench.Forwarded.ShouldBe(1);
    }

    [Fact]
    public async Task Explain_OverRedis_LooksWithoutRefreshing()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var bench = await ExplicitBench.StartAsync("electron", $$""" "Store": { "Redis": "{{redis.EndPoint}}", "TimeoutMs": 1000, "Secret": "{{new string('s', 32)}}" } """);
        var body = Body(Message("system", Text(Rules)), Message("user", Text("Hello.")));
        for (var attempt = 0; attempt < 5000 && (await bench.ChatAsync(body)).Source != "store"; attempt++)
        {
            bench.Time.Advance(TimeSpan.FromSeconds(10));
        }

        var report = await ExplainAsync(bench.Gateway, body);

        report.Match.Store.ShouldBe("answered");
        report.Policies[0].Status.ShouldBe("hit");
    }

    public static TheoryData<string, string, bool> Causes => new()
    {
        { "date", "volatile_changed", true },
        { "uuid", "volatile_changed", true },
        { "name", "volatile_changed", true },
        { "white space", "white_space", true },
        { "case", "case", true },
        { "key order", "key_order", true },
        { "tools reordered", "moved", true },
        { "part inserted", "never_seen", false },
        { "tool_choice", "parameters", true },
        { "image", "parameters", true },
        { "speed", "parameters", true },
        { "web search", "parameters", true },
        { "citations", "parameters", true },
        { "forgotten thinking", "thinking_dropped", true },
        { "tools removed", "moved", true },
        { "schema", "never_seen", false },
        { "new date", "volatile_found", false },
        { "new question", "new_turn", false },
        { "everything", "never_seen", false },
    };

    [Theory]
    [MemberData(nameof(Causes))]
    public async Task Explain_Cause_IsNamed(string change, string cause, bool certain)
    {
        await using var bench = await ExplicitBench.StartAsync();
        JsonObject Ask(bool changed) => Body(
                Message("system", Text(change switch
                {
                    "date" => $"Today is {(changed ? "Sunday, November 22, 2026" : "Saturday, November 21, 2026")}. {Rules}",
                    "uuid" => $"Session {(changed ? "0b0f3c1e-8f5c-4b8e-9a51-0a5b7f1f4d11" : "6f9619ff-8b86-d011-b42d-00cf4fc964ff")}. {Rules}",
                    "name" => $"You are helping {(changed ? "Ben Baker" : "Anna")}. {Rules}",
                    "white space" => changed ? Rules.Replace(". ", ".\n", StringComparison.Ordinal) : Rules,
                    "case" => changed ? Rules.ToUpperInvariant() : Rules,
                    "new date" => changed ? $"It is 2026-11-21T10:00:00Z. Something else altogether." : Rules,
                    "everything" => changed ? "Something else altogether." : Rules,
                    _ => Rules,
                })),
                Message("user", Text(Document)),
                Message("user", Text(change == "new question" && changed ? "And something else?" : "Go on.").Marked()))
            .With("tools", Tools(change, changed));

        JsonObject Thinking(JsonObject body)
        {
            body["messages"]!.AsArray().Add((JsonNode)new JsonObject { ["role"] = "assistant", ["reasoning_content"] = "What might it be?", ["content"] = "It may rain." });
            return body;
        }

        var thinks = change == "forgotten thinking";
        await bench.ChatAsync(thinks ? Thinking(Ask(changed: false)) : Ask(changed: false));
        var asked = thinks ? Thinking(Ask(changed: true)) : Ask(changed: true);
        switch (change)
        {
            case "tool_choice": asked["tool_choice"] = "none"; break;
            case "speed": asked["speed"] = "fast"; break;
            case "web search": asked["web_search_options"] = new JsonObject(); break;
            case "citations": asked["citations"] = new JsonObject { ["enabled"] = true }; break;
            case "tools removed": asked["tools"]!.AsArray().RemoveAt(0); break;
            case "schema": asked["response_format"] = JsonNode.Parse("""{"type":"json_schema","json_schema":{"name":"a","schema":{"type":"object"}}}"""); break;
            case "forgotten thinking": asked["messages"]!.AsArray().Add((JsonNode)Message("user", Text("Thanks."))); break;
            case "image": asked["messages"]!.AsArray().Add(Message("user", Image("https://example.com/a.png"))); break;
            case "part inserted": asked["messages"]![0]!["content"]!.AsArray().Insert(0, Text("A new beginning.")); break;
        }

        var difference = (await ExplainAsync(bench.Gateway, asked)).FirstDifference.ShouldNotBeNull();

        var found = difference.Causes[0];
        (found.Code, found.Certain).ShouldBe((cause, certain), found.Text);
        difference.Path.ShouldBe(change switch
        {
            "key order" or "tools reordered" or "tools removed" => "tools[0]",
            "schema" => "response_format",
            "forgotten thinking" => "messages[3].reasoning_content",
            "tool_choice" or "image" => "messages[1].content[0]",
            "new question" => "messages[2].content[0]",
            _ => "messages[0].content[0]",
        });
        if (change is "tool_choice" or "image")
        {
            found.Text.ShouldContain(change == "image" ? "images" : "tool_choice");
        }
    }

    [Fact]
    public async Task Explain_Expired_SaysSinceWhen()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Rules), Text(Document).Marked()), Message("user", Text("Hello.")));
        await bench.ChatAsync(body);
        bench.Time.Advance(TimeSpan.FromMinutes(7));

        var difference = (await ExplainAsync(bench.Gateway, body)).FirstDifference.ShouldNotBeNull();

        // The test's clock began at 12:00.
        var cause = difference.Causes.ShouldHaveSingleItem();
        cause.Code.ShouldBe("expired");
        cause.Text.ShouldContain("expired at 12:05 UTC");
    }

    [Fact]
    public async Task Explain_TooShort_AndTooFarBack_AreReasonsOfThePolicy()
    {
        await using var bench = await ExplicitBench.StartAsync();
        JsonObject Ask(int marked)
        {
            var parts = Enumerable.Range(0, 30).Select(i => Text(i == 0 ? Words(1200, "Long.") : $"Part {i}.")).ToArray();
            parts[marked].Marked();
            return Body(Message("user", [.. parts]));
        }

        await bench.ChatAsync(Ask(2));
        var far = (await ExplainAsync(bench.Gateway, Ask(29))).Policies[0];
        var brief = (await ExplainAsync(bench.Gateway, Body(Message("user", Text("Short.").Marked())))).Policies[0];

        (far.Reason, far.Read).ShouldBe(("lookback_exceeded", 0));
        far.Why.ShouldContain("20 segments");
        brief.Reason.ShouldBe("below_minimum");
        brief.Why.ShouldContain("the minimum is 1024");
    }

    [Fact]
    public async Task Explain_OtherTenant_KnowsNothingOfIt()
    {
        await using var bench = await ExplicitBench.StartAsync("electron");
        var body = Body(Message("system", Text(Rules)), Message("user", Text("Hello.")));
        await bench.Gateway.ChatAsync(body.ToJsonString(), key: "one");

        var mine = await ExplainAsync(bench.Gateway, body, key: "one");
        var other = await ExplainAsync(bench.Gateway, body, key: "two");
        var byId = await ExplainAsync(bench.Gateway, body, query: $"&tenant={mine.Tenant}");

        (mine.Policies[0].Status, byId.Policies[0].Status).ShouldBe(("hit", "hit"));
        other.Match.Blocks.ShouldBe(0);
        other.FirstDifference.ShouldNotBeNull().Causes[0].Code.ShouldBe("never_seen");
    }

    [Fact]
    public async Task Explain_Answer_HasNothingOfThePrompt()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text("The marmalade password is hunter2, since 2026-11-21.")), Message("user", Text("Zanzibar?")));

        using var response = await PostAsync(bench.Gateway, body);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        foreach (var word in (string[])["marmalade", "hunter2", "Zanzibar"])
        {
            text.ShouldNotContain(word);
        }
    }

    [Theory]
    [InlineData("""{"model":"m"}""", "", 400, "messages")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":"x"}]}""", "nonesuch", 400, "policies")]
    [InlineData("""{"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"x","cache_control":{"type":"ephemeral","ttl":"2h"}}]}]}""", "", 400, "messages[0].content[0].cache_control.ttl")]
    public async Task Explain_BadRequest_IsRefused(string body, string policies, int status, string param)
    {
        await using var bench = await ExplicitBench.StartAsync();

        using var response = await PostAsync(bench.Gateway, JsonNode.Parse(body)!.AsObject(), policies);

        ((int)response.StatusCode).ShouldBe(status);
        Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("param").GetString().ShouldBe(param);
    }

    [Fact]
    public async Task Explain_NeedsTheAdminKey_OrLoopback()
    {
        await using var open = await ExplicitBench.StartAsync();
        await using var locked = await ExplicitBench.StartAsync(more: """ "Admin": { "Key": "open sesame" } """);
        var body = Body(Message("user", Text("Hello.")));

        using var forwarded = await PostAsync(open.Gateway, body, headers: ("X-Forwarded-For", "203.0.113.9"));
        using var without = await PostAsync(locked.Gateway, body);
        using var wrong = await PostAsync(locked.Gateway, body, key: "guess");
        using var right = await PostAsync(locked.Gateway, body, key: "open sesame");

        forwarded.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        without.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        right.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Recents_AreBounded()
    {
        await using var bench = await ExplicitBench.StartAsync("electron");
        var engine = bench.Gateway.Services.GetRequiredService<PrefixEngineSource>().Current;
        JsonNode[] parts = [.. Enumerable.Range(0, 2000).Select(i => Text($"Part {i}"))];
        for (var i = 0; i < 20; i++)
        {
            var body = Body(Message("system", Text($"Number {i}")), Message("user", [.. parts.Select((_, p) => Text($"Part {p} of {i}"))]));
            await bench.ChatAsync(body);
            engine.Recents.Drain();

            // A second's sample is bounded too.
            bench.Time.Advance(TimeSpan.FromSeconds(1));
        }

        // 40,000 segments of four forms each were seen.
        engine.Recents.Count.ShouldBe(32_768 + 65_536 + 40);
    }

    internal static async Task<ExplainReport> ExplainAsync(TestGateway gateway, JsonObject body, string policies = "", string? key = null, string query = "")
    {
        using var response = await PostAsync(gateway, body, policies, key, query: query);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<ExplainReport>(text, ExplainReport.Json).ShouldNotBeNull();
    }

    private static async Task<HttpResponseMessage> PostAsync(TestGateway gateway, JsonObject body, string policies = "", string? key = null, string query = "", params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/promptcache/explain?policies={policies}{query}") { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static JsonArray Tools(string change, bool changed)
    {
        var (one, two) = (Tool("search", "Search."), Tool("fetch", "Fetch."));
        if (change == "key order" && changed)
        {
            var function = one["function"]!.AsObject();
            var name = function["name"]!.DeepClone();
            function.Remove("name");
            function["name"] = name;
        }

        return change == "tools reordered" && changed ? [two, one] : [one, two];
    }
}
