using System.Net;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>Whose request it is, and whose key goes where.</summary>
public sealed class TenancyTests
{
    private const string AcmeKey = "sk-acme-0123456789";
    private const string OtherKey = "sk-other-0123456789";
    private const string Completion = """{"id":"c","object":"chat.completion","model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"Hi."}}],"usage":{"prompt_tokens":20,"completion_tokens":2,"total_tokens":22}}""";

    private static readonly string Tenants = $$"""
        "Tenants": [ { "Name": "acme", "KeySha256": "{{Digest(AcmeKey)}}" }, { "Name": "other", "KeySha256": "{{Digest(OtherKey)}}" } ]
        """;

    private static readonly string Body = Bodies.Chat(("system", Bodies.Text(200, "You sell tents.")), ("user", "Hello."));

    [Theory]
    [InlineData(null, null)]
    [InlineData("authorization", "Bearer sk-somebody-else")]
    [InlineData("authorization", "Bearer ")]
    [InlineData("authorization", AcmeKey)]
    [InlineData("authorization", "Basic " + AcmeKey)]
    [InlineData("x-api-key", "sk-somebody-else")]
    public async Task Chat_TenantsConfiguredAndKeyUnknown_Is401AndNothingIsForwarded(string? header, string? value)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: Tenants);

        foreach (var path in (string[])["/v1/chat/completions", "/v1/embeddings", "/v1/models"])
        {
            using var request = new HttpRequestMessage(path == "/v1/models" ? HttpMethod.Get : HttpMethod.Post, path);
            request.Content = path == "/v1/models" ? null : new StringContent(Body, Encoding.UTF8, "application/json");
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation(header, value);
            }

            using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            var error = Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error");
            error.GetProperty("code").GetString().ShouldBe("invalid_api_key");
            error.GetProperty("type").GetString().ShouldBe("authentication_error");
        }

        upstream.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Messages_KeyUnknown_Is401InItsOwnShape()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: Tenants);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/messages") { Content = new StringContent("{}", Encoding.UTF8, "application/json") };
        request.Headers.Add("x-api-key", "sk-somebody-else");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var body = Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        body.GetProperty("type").GetString().ShouldBe("error");
        body.GetProperty("error").GetProperty("type").GetString().ShouldBe("authentication_error");
        upstream.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("authorization", "Bearer " + AcmeKey)]
    [InlineData("authorization", "bearer " + AcmeKey)]
    [InlineData("x-api-key", AcmeKey)]
    public async Task Chat_TenantsKey_IsReplacedByTheProvidersAndNeverLeaves(string header, string value)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream, "sk-provider", Tenants));

        using var response = await gateway.SendAsync(Body, key: null, (header, value));
        response.StatusCode.ShouldBe(HttpStatusCode.OK);

        var seen = upstream.Requests.ShouldHaveSingleItem();
        seen.Headers.Authorization.ToString().ShouldBe("Bearer sk-provider");
        seen.Headers.ShouldAllBe(h => !h.Value.ToString().Contains(AcmeKey));
    }

    [Fact]
    public async Task Chat_TenantsKeyToAProviderThatNeedsNone_IsNotSent()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream, "none", Tenants));

        using var response = await gateway.SendAsync(Body, AcmeKey);

        upstream.Requests.ShouldHaveSingleItem().Headers.ShouldAllBe(h => !h.Value.ToString().Contains(AcmeKey));
    }

    [Fact]
    public async Task Chat_NoTenants_ClientsOwnKeyIsPassedOn()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream, "", ""));

        using var first = await gateway.SendAsync(Body, "sk-clients");
        using var second = await gateway.SendAsync(Body, key: null, ("x-api-key", "sk-clients"));
        using var third = await gateway.SendAsync(Body);

        upstream.Requests.Select(r => r.Headers.Authorization.ToString()).ShouldBe(["Bearer sk-clients", "Bearer sk-clients", ""]);
        upstream.Requests.ShouldAllBe(r => !r.Headers.ContainsKey("x-api-key"));
    }

    [Fact]
    public async Task Chat_TwoTenants_ShareNothingWhateverTheBodySays()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { CompletionTokens = 5 }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, more: Tenants);
        var claims = Body.Replace("\"model\"", "\"user\":\"acme\",\"tenant\":\"acme\",\"metadata\":{\"tenant\":\"acme\"},\"model\"", StringComparison.Ordinal);

        await gateway.ChatAsync(Body, AcmeKey);

        (await gateway.ChatAsync(claims, OtherKey)).Cached.ShouldBe(0);
        (await gateway.ChatAsync(claims, AcmeKey)).Cached.ShouldNotBeNull().ShouldBeGreaterThan(200);
    }

    [Fact]
    public async Task Chat_NoTenants_CredentialsAreToldApartByAKeyedDigest()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream, "none", ""), logs: logs);

        foreach (var key in (string?[])["sk-one-secret", "sk-one-secret", "sk-two-secret", null])
        {
            using var response = await gateway.SendAsync(Body, key);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }

        var tenants = (await logs.OfAsync("RequestCompleted", 4)).Select(e => (string)e.Fields["Tenant"]!).ToArray();
        tenants[0].ShouldBe(tenants[1]);
        tenants.Distinct().Count().ShouldBe(3);
        tenants[3].ShouldBe("anonymous");
        tenants[..3].ShouldAllBe(t => t.StartsWith("key-") && !t.Contains(Digest("sk-one-secret").Substring(0, 8)));
    }

    [Fact]
    public async Task Chat_NoTenantsAndAnotherSchemeThanBearer_ClientsShareNothing()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync(Completion);
        await using var gateway = await TestGateway.StartAsync(Configuration(upstream, "none", ""));

        async Task<long?> CachedAsync(string authorization)
        {
            using var response = await gateway.SendAsync(Body, key: null, ("Authorization", authorization));
            return ChatFigures.Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response).Cached;
        }

        await CachedAsync("Basic b25lOnNlY3JldA==");

        (await CachedAsync("Basic dHdvOnNlY3JldA==")).ShouldBe(0);
        (await CachedAsync("Basic b25lOnNlY3JldA==")).ShouldNotBeNull().ShouldBeGreaterThan(0);
        upstream.Requests.ShouldAllBe(r => r.Headers.Authorization.Count == 0);
    }

    private static string Digest(string key) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)));

    private static string Configuration(ScriptedUpstream upstream, string apiKey, string more) => $$"""
        { "PromptCache": { "Providers": { "up": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "{{apiKey}}", "CachePolicy": "electron", "Usage": "store" } }
          {{(more.Length > 0 ? "," + more : "")}} } }
        """;
}
