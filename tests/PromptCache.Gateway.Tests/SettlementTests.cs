using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>What is billed when the upstream's report is odd.</summary>
public sealed class SettlementTests
{
    [Theory]
    [InlineData("flex", "default", false)]
    [InlineData("auto", "flex", true)]
    [InlineData("flex", null, true)]
    public async Task Chat_ServiceTier_IsPricedAsServed(string asked, string? served, bool isFlex)
    {
        var tier = served is null ? "" : $""" "service_tier":"{served}", """;
        await using var upstream = await ScriptedUpstream.WithJsonAsync($$$"""{"id":"x","object":"chat.completion",{{{tier}}}"choices":[{"index":0,"message":{"role":"assistant","content":"say \"service_tier\":\"priority\""},"finish_reason":"stop"}],"usage":{"prompt_tokens":1000000,"completion_tokens":0,"total_tokens":1000000}}""");
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "openai": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" } } } }""");

        var figures = await gateway.ChatAsync($$"""{"model":"gpt-5","service_tier":"{{asked}}","messages":[{"role":"user","content":"Hello."}]}""");

        figures.Total.ShouldBe(isFlex ? 0.625m : 1.25m);
    }

    [Fact]
    public async Task Chat_ClientLeavesWhileARefusalComes_IsNotBilled()
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = 429;
            await context.Response.WriteAsync("{\"error\":", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await new TaskCompletionSource().Task.WaitAsync(context.RequestAborted);
        });
        using var log = new EventLog();
        await using var gateway = await Configurations.LoggedAsync(upstream.BaseUrl, log);

        using (var response = await gateway.SendAsync(Bodies.Chat(("user", "hi"))))
        {
            ((int)response.StatusCode).ShouldBe(429);
        }

        var told = await log.NextRequestAsync();
        told["Status"].ShouldBe(499);
        told["PromptTokens"].ShouldBeNull();
        told["Cost"].ShouldBeNull();
    }

    [Fact]
    public async Task Chat_ImpossibleReportInStoreMode_IsCountedAndMarked()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":-5,"completion_tokens":-7,"total_tokens":1}}""");
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl);

        var figures = await gateway.ChatAsync(Bodies.Chat(("user", "What is 2+2?")));

        figures.Prompt.ShouldBeGreaterThan(0);
        figures.Cost.ShouldNotBeNull().GetProperty("status").GetString().ShouldBe("inconsistent");
    }

    [Theory]
    [InlineData("""["b"]""", 200, "b")]
    [InlineData("""["nobody"]""", 404, null)]
    public async Task Chat_OrderWithoutFallbacks_UsesNamedProvidersOnly(string order, int status, string? provider)
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"id":"x","object":"chat.completion","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}],"usage":{"prompt_tokens":5,"completion_tokens":1,"total_tokens":6}}""");
        await using var gateway = await TestGateway.StartAsync($$"""
            { "PromptCache": {
                "Providers": { "a": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" }, "b": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none" } },
                "Models": [ { "Match": "*", "Providers": ["a", "b"] } ] } }
            """);

        using var response = await gateway.SendAsync($$$"""{"model":"m","provider":{"order":{{{order}}},"allow_fallbacks":false},"messages":[{"role":"user","content":"Hello."}]}""");

        ((int)response.StatusCode).ShouldBe(status);
        if (provider is not null)
        {
            response.Headers.GetValues("x-promptcache-provider").ShouldHaveSingleItem().ShouldBe(provider);
        }
        else
        {
            Bodies.Json(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("error").GetProperty("param").GetString().ShouldBe("provider.order");
        }
    }
}
