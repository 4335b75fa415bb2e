using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using PromptCache.Gateway.Hosting;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>A real gateway on a port of its own, as the command <c>serve</c> runs it.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly WebApplication _app;

    private TestGateway(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
        Client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(60) };
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    /// <summary>Starts a gateway in front of one provider named <c>sim</c> in store mode with the policy electron, priced as the documents price it.</summary>
    public static Task<TestGateway> InFrontOfAsync(string baseUrl, TimeProvider? time = null, string provider = """ "CachePolicy": "electron", "Usage": "store" """, string more = "")
        => StartAsync($$"""
            { "PromptCache": {
                "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{baseUrl}}", "ApiKey": "none", {{provider}} } },
                "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ]
                {{(more.Length > 0 ? "," + more : "")}} } }
            """, time);

    public static Task<TestGateway> StartAsync(string configuration, TimeProvider? time = null, ILoggerProvider? logs = null)
        => StartAsync(new ServeSettings { ConfigText = configuration, Time = time ?? TimeProvider.System }, logs);

    /// <summary>Starts a gateway whose one endpoint speaks that version of HTTP, without TLS.</summary>
    public static async Task<TestGateway> StartAsync(string configuration, HttpProtocols protocols)
    {
        var app = GatewayHost.Build(new ServeSettings { ConfigText = configuration, Urls = "http://127.0.0.1:0", LogLevel = LogLevel.Error });
        app.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.ConfigureEndpointDefaults(endpoint => endpoint.Protocols = protocols);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestGateway(app);
    }

    /// <summary>Starts a gateway that reads its configuration from a file, and reads it again when it changes.</summary>
    public static Task<TestGateway> StartFromFileAsync(string path, ILoggerProvider? logs = null) => StartAsync(new ServeSettings { ConfigPath = path }, logs);

    /// <summary>Starts a gateway; with <paramref name="logs"/> everything from <paramref name="level"/> on goes there.</summary>
    public static async Task<TestGateway> StartAsync(ServeSettings settings, ILoggerProvider? logs = null, LogLevel level = LogLevel.Information)
    {
        var app = GatewayHost.Build(settings with { Urls = "http://127.0.0.1:0", LogLevel = logs is null ? LogLevel.Error : level, Logs = logs });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new TestGateway(app);
    }

    /// <summary>Sends a chat request and gives the whole response.</summary>
    public Task<HttpResponseMessage> SendAsync(string body, string? key = null, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (key is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    /// <summary>Sends a chat request that must succeed, and reads its figures.</summary>
    public async Task<ChatFigures> ChatAsync(string body, string? key = null)
    {
        using var response = await SendAsync(body, key);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        response.IsSuccessStatusCode.ShouldBeTrue(text);
        return ChatFigures.Read(text, response);
    }

    /// <summary>What <c>/readyz</c> says.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Body)> ReadyAsync()
    {
        using var response = await Client.GetAsync("/readyz", TestContext.Current.CancellationToken);
        return (response.StatusCode, Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    /// <summary>Waits until <c>/readyz</c> gives this state of the store.</summary>
    public Task StoreIsAsync(string state, int seconds = 10)
        => Eventually.Async(async () => (await ReadyAsync()).Body.GetProperty("store").GetProperty("state").GetString() == state, $"the store is {state}", seconds);

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
