using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PromptCache.Gateway.Hosting;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Liveness, readiness, and who may look behind.</summary>
public sealed class HealthTests
{
    private const string Provider = """ "Providers": { "up": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "sk-of-the-provider", "Headers": { "x-team": "header-value" } } } """;

    [Fact]
    public async Task Healthz_WhileItLives_Is200()
    {
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { {{Provider}} } }""");
        (await StatusAsync(gateway, "/healthz")).ShouldBe(HttpStatusCode.OK);
        var (status, body) = await gateway.ReadyAsync();
        status.ShouldBe(HttpStatusCode.OK);
        body.GetProperty("status").GetString().ShouldBe("ready");
        body.GetProperty("store").GetProperty("kind").GetString().ShouldBe("in-process");
        body.GetProperty("store").GetProperty("state").GetString().ShouldBe("serving");
    }

    [Fact]
    public async Task Readyz_WhileDraining_Is503WithTheReason_AndHealthzIs200()
    {
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { {{Provider}} } }""");
        gateway.Services.GetRequiredService<IHostApplicationLifetime>().StopApplication();

        var (status, body) = await gateway.ReadyAsync();

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        body.GetProperty("reasons").EnumerateArray().Select(r => r.GetString()).ShouldBe(["draining"]);
        (await StatusAsync(gateway, "/healthz")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Config_OnLoopback_ShowsWhatIsInForceAndNoSecret()
    {
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Store": { "Secret": "0123456789abcdef0123456789abcdef" }, {{Provider}} } }""");

        using var response = await gateway.Client.GetAsync("/promptcache/config", TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        text.ShouldContain("\"http://127.0.0.1:9/v1\"");
        foreach (var secret in (string[])["sk-of-the-provider", "header-value", "0123456789abcdef"])
        {
            text.ShouldNotContain(secret);
        }
    }

    [Theory]
    [InlineData("X-Forwarded-For", "10.0.0.1")]
    [InlineData("x-forwarded-for", "127.0.0.1")]
    [InlineData("X-Real-IP", "127.0.0.1")]
    [InlineData("X-Forwarded-Proto", "https")]
    [InlineData("Via", "1.1 proxy")]
    [InlineData("Forwarded", "for=10.0.0.1")]
    public async Task Config_ForwardedByAProxy_IsRefused(string header, string value)
    {
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { {{Provider}} } }""");
        (await StatusAsync(gateway, "/promptcache/config", (header, value))).ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Config_OnLoopbackOfAGatewayThatListensEverywhere_Answers()
    {
        // Where there is IPv6, the caller's address is ::ffff:127.0.0.1.
        await using var app = GatewayHost.Build(new ServeSettings { Urls = "http://*:0", LogLevel = Microsoft.Extensions.Logging.LogLevel.Error, ConfigText = $$"""{ "PromptCache": { {{Provider}} } }""" });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{new Uri(app.Urls.First()).Port}") };

        using var response = await client.GetAsync("/promptcache/config", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Config_FromElsewhere_IsRefused()
    {
        // Every address of 127/8 is loopback, so the machine's own outer address is used; there may be none.
        var own = (await Dns.GetHostAddressesAsync(Dns.GetHostName(), TestContext.Current.CancellationToken)).FirstOrDefault(a => a.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork && !IPAddress.IsLoopback(a)) ?? IPAddress.Loopback;
        using var logs = new CapturedLogs();
        await using var app = GatewayHost.Build(new ServeSettings { Urls = $"http://{own}:0", ConfigText = $$"""{ "PromptCache": { {{Provider}} } }""", Logs = logs });
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };

        using var response = await client.GetAsync("/promptcache/config", TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(IPAddress.IsLoopback(own) ? HttpStatusCode.OK : HttpStatusCode.Unauthorized);
        logs.Of("OpenGateway").Length.ShouldBe(IPAddress.IsLoopback(own) ? 0 : 1);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Config_WithAnAdminKey_OpensToItAlone()
    {
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Admin": { "Key": "the-admin-key" }, {{Provider}} } }""");

        (await StatusAsync(gateway, "/promptcache/config")).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(gateway, "/promptcache/config", ("Authorization", "Bearer another"))).ShouldBe(HttpStatusCode.Unauthorized);
        (await StatusAsync(gateway, "/promptcache/config", ("Authorization", "Bearer the-admin-key"), ("X-Forwarded-For", "10.0.0.1"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(gateway, "/promptcache/config", ("x-api-key", "the-admin-key"))).ShouldBe(HttpStatusCode.OK);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0", "sk-own", "", true)]
    [InlineData("http://127.0.0.1:0", "sk-own", "", false)]
    [InlineData("http://0.0.0.0:0", "none", "", false)]
    [InlineData("http://0.0.0.0:0", "sk-own", """, "Tenants": [ { "Name": "a", "KeySha256": "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b" } ]""", false)]
    public async Task Start_OpenGatewayThatHoldsKeys_Warns(string urls, string key, string tenants, bool warns)
    {
        using var logs = new CapturedLogs();
        var text = $$"""{ "PromptCache": { "Providers": { "up": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "{{key}}" } } {{tenants}} } }""";
        await using var app = GatewayHost.Build(new ServeSettings { Urls = urls, ConfigText = text, Logs = logs });
        await app.StartAsync(TestContext.Current.CancellationToken);

        logs.Of("ConfigurationAccepted").Length.ShouldBe(1);
        logs.Of("OpenGateway").Length.ShouldBe(warns ? 1 : 0);
        await app.StopAsync(TestContext.Current.CancellationToken);
    }

    private static async Task<HttpStatusCode> StatusAsync(TestGateway gateway, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
