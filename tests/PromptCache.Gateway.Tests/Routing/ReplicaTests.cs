using PromptCache.Gateway.Tests.Support;
using PromptCache.Testing;
using PromptCache.Testing.Stores;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>Several replicas of one engine, through the front door: health, recovery, and who gets a conversation.</summary>
public sealed class ReplicaTests
{
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task Chat_ReplicaFailsThreeTimes_RestsAndComesBack()
    {
        await using var first = new Replica();
        await using var second = new Replica();
        await using var gateway = await StartAsync(first, second);
        first.Chat = 500;

        await SendAsync(gateway, 12);
        first.Chats.ShouldBe(3, "every request was served by the other one, and after three failures only there");

        first.Chat = 200;
        _time.Advance(TimeSpan.FromSeconds(5));
        await SendAsync(gateway, 8);
        first.Chats.ShouldBeGreaterThan(3 + 2);
    }

    [Fact]
    public async Task Probe_ReplicaThatDoesNotAnswer_GetsNoRequestUntilItDoes()
    {
        await using var first = new Replica();
        await using var second = new Replica();
        await using var gateway = await StartAsync(first, second);
        first.Probe = 503;

        _time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.Async(async () => await ReachedAsync(gateway, first) == 0, "the probe has put it to rest");
        first.Probe = 404;
        _time.Advance(TimeSpan.FromSeconds(4));
        (await ReachedAsync(gateway, first)).ShouldBe(0, "nobody has asked again yet");

        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.Async(async () => await ReachedAsync(gateway, first) > 0, "the probe has found it well");
    }

    [Fact]
    public async Task Chat_ReplicaCannotBeReached_AnotherOneServesBeforeTheNextProvider()
    {
        await using var well = new Replica();
        await using var next = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await well.StartAsync();
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": {
                    "engine": { "BaseUrls": ["http://127.0.0.1:9/v1", "{{well.BaseUrl}}"], "ApiKey": "none", "CachePolicy": "electron" },
                    "next": { "BaseUrl": "{{next.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron" } },
                "Models": [ { "Match": "*", "Providers": ["engine", "next"] } ] } }
            """, _time);

        await SendAsync(gateway, 6);

        well.Chats.ShouldBe(6);
        next.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Chat_AllReplicasFail_TheNextProviderServes()
    {
        await using var first = new Replica { Chat = 500 };
        await using var second = new Replica { Chat = 429 };
        await using var next = await ScriptedUpstream.WithJsonAsync(Replies.Json);
        await first.StartAsync();
        await second.StartAsync();
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": {
                    "engine": { "BaseUrls": ["{{first.BaseUrl}}", "{{second.BaseUrl}}"], "ApiKey": "none", "CachePolicy": "electron" },
                    "next": { "BaseUrl": "{{next.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron" } },
                "Models": [ { "Match": "*", "Providers": ["engine", "next"] } ] } }
            """, _time);

        await SendAsync(gateway, 1);

        (first.Chats, second.Chats, next.Requests.Count).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Chat_NewConversationsOfAQuietHour_AreSpread()
    {
        await using var first = new Replica();
        await using var second = new Replica();
        await using var gateway = await StartAsync(first, second);

        await SendAsync(gateway, 8);

        (first.Chats, second.Chats).ShouldBe((4, 4));
    }

    [Fact]
    public async Task Chat_OtherGatewayOnTheSameRedis_FindsTheReplicaThatHoldsThePrefix()
    {
        await using var redis = await RedisServer.StartAsync();
        await using var first = new Replica();
        await using var second = new Replica();
        var store = $$""" "Store": { "Redis": "{{redis.EndPoint}}", "Secret": "0123456789abcdef0123456789abcdef", "TimeoutMs": 2000 }, """;
        await using var one = await StartAsync(first, second, store, TimeProvider.System);
        await using var other = await StartAsync(first, second, store, TimeProvider.System);
        await one.StoreIsAsync("serving");
        await other.StoreIsAsync("serving");

        for (var conversation = 0; conversation < 6; conversation++)
        {
            (string, string)[] turn = [("system", Bodies.Text(300, $"You are agent {conversation}.")), ("user", "Hello.")];
            var before = first.Chats;
            await one.ChatAsync(Bodies.Chat(turn));
            var holder = first.Chats > before ? first : second;
            var (atHolder, all) = (holder.Chats, first.Chats + second.Chats);

            await other.ChatAsync(Bodies.Chat([.. turn, ("assistant", "Hello."), ("user", "And?")]));
            await other.ChatAsync(Bodies.Chat([.. turn, ("assistant", "Hello."), ("user", "And?"), ("assistant", "Well."), ("user", "Go on.")]));

            (holder.Chats - atHolder, first.Chats + second.Chats - all).ShouldBe((2, 2));
        }
    }

    [Fact]
    public async Task Reload_ReplicaThatHoldsTheConversationIsRemoved_AnotherOneServes()
    {
        await using var first = new Replica();
        await using var second = new Replica();
        await first.StartAsync();
        await second.StartAsync();
        using var folder = new ConfigFolder(Configuration("", first, second));
        await using var gateway = await TestGateway.StartFromFileAsync(folder.FileName);
        (string, string)[] turn = [("system", Bodies.Text(300, "Rules.")), ("user", "Hello.")];
        await gateway.ChatAsync(Bodies.Chat(turn));
        var (holder, other) = first.Chats > 0 ? (first, second) : (second, first);

        folder.Replace(Configuration("", other));
        await Eventually.Async(async () => !(await gateway.Client.GetStringAsync("/promptcache/config", TestContext.Current.CancellationToken)).Contains(holder.BaseUrl, StringComparison.Ordinal), "the replica is gone");
        var figures = await gateway.ChatAsync(Bodies.Chat([.. turn, ("assistant", "Hello."), ("user", "And?")]));

        figures.Prompt.ShouldBeGreaterThan(0);
        (holder.Chats, other.Chats).ShouldBe((1, 1));
    }

    /// <summary>How many of two new conversations it gets: each replica that is up gets one.</summary>
    private static async Task<int> ReachedAsync(TestGateway gateway, Replica replica)
    {
        var before = replica.Chats;
        await SendAsync(gateway, 2);
        return replica.Chats - before;
    }

    private static async Task SendAsync(TestGateway gateway, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await gateway.ChatAsync(Bodies.Chat(("user", $"Question {Guid.NewGuid()}")));
        }
    }

    private static string Configuration(string store, params Replica[] replicas) => $$"""
        { "PromptCache": { {{store}}
            "Providers": { "engine": { "BaseUrls": [{{string.Join(", ", replicas.Select(r => $"\"{r.BaseUrl}\""))}}], "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }
        """;

    private async Task<TestGateway> StartAsync(Replica first, Replica second, string store = "", TimeProvider? time = null)
    {
        await first.StartAsync();
        await second.StartAsync();
        return await TestGateway.StartAsync(Configuration(store, first, second), time ?? _time);
    }
}
