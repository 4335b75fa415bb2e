using System.Text;
using Anthropic;
using Anthropic.Core;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>A gateway that clients of Anthropic's Messages API point at.</summary>
internal static class MessagesBench
{
    /// <summary>The path.</summary>
    public const string Path = "/v1/messages";

    /// <summary>In front of a provider that speaks the same protocol. <c>big</c> is another name for <c>claude-sonnet-4-5</c>.</summary>
    public static Task<TestGateway> InFrontOfAnthropicAsync(string baseUrl, EventLog? log = null, string provider = """ "ApiKey": "sk-own", "Breakpoints": "adaptive", """)
        => TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": { "claude": { "Protocol": "anthropic", "BaseUrl": "{{baseUrl}}", {{provider}} "CachePolicy": "anthropic" } },
                "Models": [ { "Match": "big", "Providers": ["claude"], "Model": "claude-sonnet-4-5" } ],
                "DefaultProvider": "claude",
                "Prices": [ { "Model": "claude-sonnet-4-5", "Input": 3, "CacheRead": 0.3, "CacheWrite": 3.75, "CacheWrite1h": 6, "Output": 15 } ] } }
            """, logs: log);

    /// <summary>In front of a provider that speaks chat completions.</summary>
    public static Task<TestGateway> InFrontOfOpenAIAsync(string baseUrl, EventLog? log = null)
        => TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{baseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } },
                "DefaultProvider": "sim",
                "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ] } }
            """, logs: log);

    public static AnthropicClient ClientOf(TestGateway gateway)
        => new(new ClientOptions { ApiKey = "sk-client", BaseUrl = gateway.Address.AbsoluteUri.TrimEnd('/'), MaxRetries = 0, ResponseValidation = true });

    /// <summary>Posts bytes and gives the response as soon as its headers are there.</summary>
    public static Task<HttpResponseMessage> PostAsync(this TestGateway gateway, string body, string path = Path, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
    }

    public static Task<string> TextAsync(this HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

    public static string? Header(this HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
