using System.Text.Json.Nodes;
using static PromptCache.Simulator.Tests.Gemini.GeminiCalls;
using static PromptCache.Simulator.Tests.TestSimulator;

namespace PromptCache.Simulator.Tests.Gemini;

public sealed class CachedContentsTests
{
    [Fact]
    public async Task Create_ThenGenerateByName_CountsTheStoredTokens()
    {
        await using var simulator = await StartAsync();
        var (status, created) = await CreateAsync(simulator);
        status.ShouldBe(200);
        created.Int("usageMetadata", "totalTokenCount").ShouldBe(2004);

        var reply = await simulator.GenerateAsync(Ask(created.Text("name")));
        reply.Int("usageMetadata", "promptTokenCount").ShouldBe(2004 + 6 + 3);
        Cached(reply).ShouldBe(2004);
    }

    [Fact]
    public async Task Expired_IsGone_PatchKeepsIt()
    {
        await using var simulator = await StartAsync();
        var name = (await CreateAsync(simulator, "300s")).Body.Text("name");
        simulator.Clock.Advance(TimeSpan.FromSeconds(299));
        (await simulator.CacheAsync(HttpMethod.Patch, name, new JsonObject { ["ttl"] = "60s" })).Status.ShouldBe(200);
        simulator.Clock.Advance(TimeSpan.FromSeconds(59));
        await simulator.GenerateAsync(Ask(name));
        simulator.Clock.Advance(TimeSpan.FromSeconds(1));

        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", Ask(name), Headers);
        (status, reply.Text("error", "status"), reply.Text("error", "message")).ShouldBe((403, "PERMISSION_DENIED", "CachedContent not found (or permission denied)"));
        (await simulator.CacheAsync(HttpMethod.Get, name)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Lifetime_NotGiven_IsOneHour()
    {
        await using var simulator = await StartAsync();
        var name = (await CreateAsync(simulator)).Body.Text("name");
        simulator.Clock.Advance(TimeSpan.FromMinutes(59));
        (await simulator.CacheAsync(HttpMethod.Get, name)).Status.ShouldBe(200);
        (await simulator.CacheAsync(HttpMethod.Get, "cachedContents")).Body.At("cachedContents").GetArrayLength().ShouldBe(1);
        simulator.Clock.Advance(TimeSpan.FromMinutes(1));
        (await simulator.CacheAsync(HttpMethod.Get, name)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Delete_IsGone_OtherKeyNeverSawIt()
    {
        await using var simulator = await StartAsync();
        var name = (await CreateAsync(simulator)).Body.Text("name");
        (await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", Ask(name), ("x-goog-api-key", "other"))).Status.ShouldBe(403);
        (await simulator.CacheAsync(HttpMethod.Delete, name)).Status.ShouldBe(200);
        (await simulator.CacheAsync(HttpMethod.Delete, name)).Status.ShouldBe(404);
    }

    [Fact]
    public async Task Generate_OtherModel_IsRefused()
    {
        await using var simulator = await StartAsync();
        var name = (await CreateAsync(simulator)).Body.Text("name");
        var (status, reply) = await simulator.PostAsync("/v1beta/models/gemini-2.5-pro:generateContent", Ask(name), Headers);
        status.ShouldBe(400);
        reply.Text("error", "message").ShouldBe("Model used by GenerateContent request (models/gemini-2.5-pro) and CachedContent (models/gemini-2.5-flash) has to be the same.");
    }

    [Theory]
    [InlineData("systemInstruction", """{"parts":[{"text":"x"}]}""")]
    [InlineData("tools", """[{"functionDeclarations":[{"name":"f"}]}]""")]
    [InlineData("toolConfig", """{"functionCallingConfig":{"mode":"ANY"}}""")]
    public async Task Generate_WithWhatIsFrozenInTheCache_IsRefused(string field, string value)
    {
        await using var simulator = await StartAsync();
        var body = Ask((await CreateAsync(simulator)).Body.Text("name"));
        body[field] = JsonNode.Parse(value);
        var (status, reply) = await simulator.PostAsync($"/v1beta/models/{Model}:generateContent", body, Headers);
        status.ShouldBe(400);
        reply.Text("error", "message").ShouldStartWith("CachedContent can not be used with GenerateContent request setting system_instruction, tools or tool_config.");
    }

    [Theory]
    [InlineData("""{"ttl":"300"}""", "Invalid value at 'cached_content.ttl'")]
    [InlineData("""{"ttl":"300s","expireTime":"2027-01-01T00:00:00Z"}""", "oneof field 'expiration' is already set.")]
    [InlineData("""{"expireTime":"2020-01-01T00:00:00Z"}""", "expire_time must be in the future.")]
    [InlineData("""{"model":"gemini-2.5-flash"}""", "* CreateCachedContentRequest.cached_content.model:")]
    [InlineData("""{"generationConfig":{}}""", "Invalid JSON payload received. Unknown name \"generationConfig\": Cannot find field.")]
    [InlineData("""{"contents":[{"role":"user","parts":[{"text":"short"}]}]}""", "Cached content is too small. total_token_count=5, min_total_token_count=1028")]
    public async Task Create_Invalid_IsRefused(string changes, string message)
    {
        await using var simulator = await StartAsync();
        var body = Stored();
        foreach (var (name, value) in JsonNode.Parse(changes)!.AsObject())
        {
            body[name] = value!.DeepClone();
        }

        var (status, reply) = await simulator.CacheAsync(HttpMethod.Post, "cachedContents", body);
        reply.Text("error", "message").ShouldStartWith(message);
        (status, reply.Text("error", "status")).ShouldBe((400, "INVALID_ARGUMENT"));
    }

    private static JsonObject Stored() => new() { ["model"] = $"models/{Model}", ["contents"] = new JsonArray(Turn("user", Words(2000))) };

    private static JsonObject Ask(string name)
    {
        var body = Request(Turn("user", "one two"));
        body["cachedContent"] = name;
        return body;
    }

    private static async Task<(int Status, System.Text.Json.JsonElement Body)> CreateAsync(TestSimulator simulator, string? ttl = null)
    {
        var body = Stored();
        if (ttl is not null)
        {
            body["ttl"] = ttl;
        }

        return await simulator.CacheAsync(HttpMethod.Post, "cachedContents", body);
    }
}
