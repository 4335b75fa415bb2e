using System.Diagnostics;
using System.Net;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Hosting;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Gateway.Tests;

/// <summary>A changed configuration takes effect without dropping a request, or not at all.</summary>
public sealed class ReloadTests
{
    private const string Completion = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi."}}],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22}}""";

    private static readonly string Body = Bodies.Chat(("user", "Hello."));

    [Theory]
    [InlineData("rename")]
    [InlineData("write")]
    [InlineData("link")]
    public async Task Reload_FileChanged_TakesEffectAndARunningStreamGoesOn(string how)
    {
        var pieces = Channel.CreateUnbounded<string>();
        await using var old = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        await using var next = await ScriptedUpstream.WithJsonAsync(Completion);
        using var folder = new ConfigFolder();
        Put(folder, how, Configuration("old", old.BaseUrl));
        await using var gateway = await TestGateway.StartFromFileAsync(folder.FileName);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using var running = await gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", "Hello.")));
        await using var stream = await running.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadUntilAsync("first");

        Put(folder, how, Configuration("next", next.BaseUrl));
        await Eventually.Async(async () => await ProviderAsync(gateway) == "next", "the new configuration is in force");

        (await ChatProviderAsync(gateway)).ShouldBe("next");
        pieces.Writer.TryWrite(Streams.Text("second"));
        pieces.Writer.Finish();
        var rest = await stream.ReadUntilAsync("[DONE]");
        rest.ShouldContain("second");
        rest.ShouldContain("cost_details");
    }

    [Fact]
    public async Task Reload_FileNotValid_IsRefusedWholeAndToldByReadyz()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        using var folder = new ConfigFolder(Configuration("old", upstream.BaseUrl));
        using var logs = new CapturedLogs();
        await using var gateway = await TestGateway.StartFromFileAsync(folder.FileName, logs);

        folder.Replace(Configuration("next", "not a url").Replace("\"Models\"", "\"Modells\"", StringComparison.Ordinal));
        await logs.OfAsync("ConfigurationRefused", 1);

        (await ChatProviderAsync(gateway)).ShouldBe("old");
        var (status, ready) = await gateway.ReadyAsync();
        status.ShouldBe(HttpStatusCode.OK);
        var refused = ready.GetProperty("configuration").GetProperty("refused").EnumerateArray().Select(e => e.GetString()!).ToArray();
        refused.ShouldContain(e => e.StartsWith("PromptCache:Modells: unknown key"));
        refused.ShouldContain(e => e.StartsWith("PromptCache:Providers:next:BaseUrl: 'not a url'"));

        folder.Replace("{ broken");
        await logs.OfAsync("ConfigurationRefused", 2);
        folder.Replace(Configuration("next", upstream.BaseUrl));
        await Eventually.Async(async () => await ProviderAsync(gateway) == "next", "the repaired configuration is in force");
        (await gateway.ReadyAsync()).Body.GetProperty("configuration").GetProperty("refused").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Reload_FileChangedBetweenItsReadingAndTheWatch_IsNoticed()
    {
        using var folder = new ConfigFolder(Configuration("old", "http://127.0.0.1:9/v1"));
        var file = new ConfigurationFile(folder.FileName);
        var first = file.Read().Model.ShouldNotBeNull();
        folder.Replace(Configuration("next", "http://127.0.0.1:9/v1"));

        using var source = new GatewayModelSource(file, first, NullLogger<GatewayModelSource>.Instance);

        await Eventually.Is(() => source.Current.Providers.ContainsKey("next"), "the new configuration is in force");
    }

    [Fact]
    public async Task Reload_TenantsTakenAway_WarnsOfAnOpenGatewayOnce()
    {
        const string Providers = """ "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "sk-own" } } """;
        const string Tenants = """ "Tenants": [ { "Name": "a", "KeySha256": "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" } ], """;
        using var folder = new ConfigFolder($$"""{ "PromptCache": { {{Tenants}} {{Providers}} } }""");
        using var logs = new CapturedLogs();
        await using var app = GatewayHost.Build(new ServeSettings { Urls = "http://0.0.0.0:0", ConfigPath = folder.FileName, Logs = logs });
        await app.StartAsync(TestContext.Current.CancellationToken);
        await logs.OfAsync("ConfigurationAccepted", 1);
        logs.Of("OpenGateway").ShouldBeEmpty();

        folder.Replace($$"""{ "PromptCache": { {{Providers}} } }""");
        await logs.OfAsync("OpenGateway", 1);
        folder.Replace($$"""{ "PromptCache": { {{Providers}}, "DefaultProvider": "up" } }""");
        await logs.OfAsync("ConfigurationAccepted", 3);

        logs.Of("OpenGateway").Length.ShouldBe(1);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Reload_Sighup_ReadsTheFileAgain()
    {
        using var folder = new ConfigFolder(Configuration("old", "http://127.0.0.1:9/v1"));
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);

        await gateway.SignalAsync("-HUP");

        await Eventually.Is(() => gateway.Output.Split("1 providers, 1 model routes").Length == 3, "the configuration was accepted twice");
        (await gateway.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Reload_StoreSettingsChanged_OldConnectionIsClosedOnceItsLastRequestHasEnded()
    {
        await using var redis = await RedisServer.StartAsync();
        var pieces = Channel.CreateUnbounded<string>();
        await using var upstream = await ScriptedUpstream.WithStreamAsync(pieces.Reader);
        using var folder = new ConfigFolder(Configuration("old", upstream.BaseUrl, Store(redis, 1000)));
        await using var gateway = await TestGateway.StartFromFileAsync(folder.FileName);
        await gateway.StoreIsAsync("serving");
        using var direct = await ConnectionMultiplexer.ConnectAsync(redis.EndPoint + ",allowAdmin=true,name=test");
        var server = direct.GetServer(redis.EndPoint);
        var before = await ConnectionsAsync(server);
        pieces.Writer.TryWrite(Streams.Text("first"));
        using var running = await gateway.SendAsync(Bodies.Chat("electron", stream: true, ("user", "Hello.")));
        await using var stream = await running.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await stream.ReadUntilAsync("first");

        folder.Replace(Configuration("old", upstream.BaseUrl, Store(redis, 1001)));
        await Eventually.Async(async () => (await ConnectionsAsync(server)).Except(before).Any(), "there is a new connection");

        before.IsSubsetOf(await ConnectionsAsync(server)).ShouldBeTrue("a running request keeps its store");
        pieces.Writer.Finish();
        await stream.ReadUntilAsync("[DONE]");
        await Eventually.Async(async () => !(await ConnectionsAsync(server)).Overlaps(before), "the old connections are closed");
        await gateway.StoreIsAsync("serving");
    }

    private static async Task<HashSet<long>> ConnectionsAsync(IServer server)
        => [.. (await server.ClientListAsync()).Where(c => c.Name == "promptcache").Select(c => c.Id)];

    private static string Store(RedisServer redis, int timeoutMs)
        => $$""" "Store": { "Redis": "{{redis.EndPoint}}", "Secret": "0123456789abcdef0123456789abcdef", "TimeoutMs": {{timeoutMs}} }, """;

    private static string Configuration(string provider, string baseUrl, string more = "") => $$"""
        { "PromptCache": { {{more}}
            "Providers": { "{{provider}}": { "Protocol": "openai", "BaseUrl": "{{baseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } },
            "Models": [ { "Match": "*", "Providers": ["{{provider}}"] } ] } }
        """;

    private static void Put(ConfigFolder folder, string how, string text)
    {
        switch (how)
        {
            case "rename":
                folder.Replace(text);
                break;
            case "write":
                File.WriteAllText(folder.FileName, text);
                break;
            default:
                // As Kubernetes mounts a ConfigMap: promptcache.json -> ..data/promptcache.json, and ..data is swapped.
                var version = Directory.CreateDirectory(Path.Combine(folder.Path, ".." + Guid.NewGuid().ToString("N"))).FullName;
                File.WriteAllText(Path.Combine(version, "promptcache.json"), text);
                var link = Path.Combine(folder.Path, "..data");
                File.CreateSymbolicLink(link + "_tmp", version);
                using (var rename = Process.Start("mv", ["-T", link + "_tmp", link]))
                {
                    rename.WaitForExit();
                }

                if (!File.Exists(folder.FileName))
                {
                    File.CreateSymbolicLink(folder.FileName, Path.Combine("..data", "promptcache.json"));
                }

                break;
        }
    }

    private static async Task<string?> ProviderAsync(TestGateway gateway)
    {
        using var response = await gateway.Client.GetAsync("/promptcache/config", TestContext.Current.CancellationToken);
        return Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("providers")[0].GetProperty("name").GetString();
    }

    private static async Task<string> ChatProviderAsync(TestGateway gateway)
    {
        using var response = await gateway.SendAsync(Body);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return response.Headers.GetValues("x-promptcache-provider").Single();
    }
}
