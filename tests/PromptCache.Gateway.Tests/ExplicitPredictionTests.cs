using System.Globalization;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>The prediction beside what a provider reports.</summary>
public sealed class ExplicitPredictionTests
{
    private const string Provider = """ "CachePolicy": "anthropic" """;
    private static readonly string Asked = Body(Message("system", Text(Words(1996, "Long.")).Marked()), Message("user", Text("Go on."))).ToJsonString();

    [Theory]
    [InlineData(0, -2000)]
    [InlineData(1500, -500)]
    [InlineData(2000, 0)]
    public async Task Chat_ProviderReportsOtherwise_TellsTheDifference(int reported, int difference)
    {
        await using var upstream = await UpstreamAsync(() => reported);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: Provider);
        await gateway.ChatAsync(Asked);

        using var response = await gateway.SendAsync(Asked, headers: ("x-promptcache-debug", "1"));

        Header(response, "x-promptcache-predicted-tokens").ShouldBe("2000");
        Header(response, "x-promptcache-reason").ShouldBe("hit");
        Header(response, "x-promptcache-difference").ShouldBe(difference.ToString(CultureInfo.InvariantCulture));
        // The provider's number stays what it is.
        var figures = ChatFigures.Read(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response);
        (figures.Cached, figures.Source).ShouldBe((reported, "provider"));
    }

    [Fact]
    public async Task Chat_ProviderReportsNothing_HasNoDifference()
    {
        await using var upstream = await UpstreamAsync(() => null);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: Provider);
        await gateway.ChatAsync(Asked);

        using var response = await gateway.SendAsync(Asked, headers: ("x-promptcache-debug", "1"));

        Header(response, "x-promptcache-predicted-tokens").ShouldBe("2000");
        response.Headers.Contains("x-promptcache-difference").ShouldBeFalse();
    }

    [Fact]
    public async Task Chat_NotAsked_TellsNothing()
    {
        await using var upstream = await UpstreamAsync(() => 7);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl, provider: Provider);

        using var response = await gateway.SendAsync(Asked);

        response.Headers.Select(h => h.Key).Where(h => h.StartsWith("x-promptcache-", StringComparison.OrdinalIgnoreCase)).Order().ShouldBe(["x-promptcache-provider", "x-promptcache-status"]);
    }

    [Fact]
    public async Task Chat_Difference_IsAMetric()
    {
        await using var upstream = await UpstreamAsync(() => 1500);
        // A process of its own: instruments are shared inside one.
        using var folder = new ConfigFolder($$"""{ "PromptCache": { "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", {{Provider}} } } } }""");
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName);
        await AskAsync(gateway);
        await AskAsync(gateway);

        await Eventually.Async(
            async () =>
            {
                var metrics = Exposition.Parse(await gateway.Client.GetStringAsync(new Uri("/metrics", UriKind.Relative), TestContext.Current.CancellationToken));
                // 1500 reported for 0 predicted, then 1500 for 2000.
                return metrics.Of("promptcache_prediction_difference_count", ("provider", "sim")) == 2 && metrics.Of("promptcache_prediction_difference_sum", ("provider", "sim")) == 1000;
            },
            "the differences are summed");

        static async Task AskAsync(GatewayProcess gateway)
        {
            using var response = await gateway.Client.PostAsync("/v1/chat/completions", new StringContent(Asked), TestContext.Current.CancellationToken);
            await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task Chat_Difference_IsInTheLog()
    {
        using var logs = new CapturedLogs();
        await using var upstream = await UpstreamAsync(() => 1500);
        await using var gateway = await TestGateway.StartAsync(
            $$"""{ "PromptCache": { "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", {{Provider}} } } } }""", logs: logs);
        await gateway.ChatAsync(Asked);
        await gateway.ChatAsync(Asked);

        var events = await logs.OfAsync("RequestCompleted", 2);

        events.Select(e => (e.Fields["CachedTokens"], e.Fields["PredictedTokens"], e.Fields["Difference"], e.Fields["Reason"])).ShouldBe(
            [(1500L, 0L, 1500L, "expired_or_new"), (1500L, 2000L, -500L, "hit")]);
    }

    private static Task<ScriptedUpstream> UpstreamAsync(Func<int?> cached)
        => ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            var details = cached() is { } tokens ? string.Create(CultureInfo.InvariantCulture, $$""","prompt_tokens_details":{"cached_tokens":{{tokens}}}""") : "";
            await context.Response.WriteAsync($$"""{"choices":[],"usage":{"prompt_tokens":{{2000 + 4 + 3 + ExplicitCounts.Tokens("Go on.")}},"completion_tokens":1{{details}} } }""", context.RequestAborted);
        });

    private static string? Header(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? values.Single() : null;
}
