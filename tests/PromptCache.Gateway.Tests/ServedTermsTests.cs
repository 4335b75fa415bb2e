using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>The tier and the region that the provider says it served are what is billed: not those that were asked for, and not what a model writes.</summary>
public sealed class ServedTermsTests
{
    // 1,000 x 5 + 100 x 25
    private const decimal World = 0.0075m;

    [Theory]
    [InlineData("\"service_tier\":\"standard\",\"inference_geo\":\"global\"", 1.0)]
    [InlineData("\"service_tier\":\"standard\",\"inference_geo\" : \"us\"", 1.1)]
    [InlineData("\"service_tier\":\"batch\",\"inference_geo\":\"not_available\"", 0.5)]
    public async Task Chat_Anthropic_UsageBehindAToolsInputDecides(string terms, double factor)
    {
        var answer = $$$"""{"id":"m","type":"message","role":"assistant","model":"claude-opus-4-6","content":[{"type":"tool_use","id":"t","name":"f","input":{"service_tier":"batch","inference_geo":"us"}}],"stop_reason":"tool_use","usage":{"input_tokens":1000,"cache_read_input_tokens":0,"cache_creation_input_tokens":0,"output_tokens":100,{{{terms}}}}}""";

        // Whole, and cut where it hurts.
        foreach (var cut in (int[])[answer.Length, answer.LastIndexOf("_tier", StringComparison.Ordinal), answer.LastIndexOf("geo", StringComparison.Ordinal)])
        {
            await using var upstream = await InPiecesAsync(answer, cut);
            await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "anthropic": { "BaseUrl": "{{Base(upstream)}}", "ApiKey": "secret" } } } }""");

            var figures = await gateway.ChatAsync("""{"model":"claude-opus-4-6","messages":[{"role":"user","content":"A"}],"tools":[{"type":"function","function":{"name":"f"}}]}""");

            figures.Total.ShouldBe(World * (decimal)factor, $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData("standard", 1.5, 9)]
    [InlineData(null, 2.7, 16.2)]
    public async Task Chat_GeminiServesAtAnotherTier_ThatOneIsBilled(string? served, double input, double output)
    {
        await using var upstream = await ScriptedUpstream.StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "application/json";
            if (served is not null)
            {
                context.Response.Headers["x-gemini-service-tier"] = served;
            }

            await context.Response.Body.WriteAsync("""{"candidates":[{"content":{"parts":[{"functionCall":{"name":"f","args":{"service_tier":"flex"}}}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"candidatesTokenCount":100,"totalTokenCount":1100}}"""u8.ToArray(), context.RequestAborted);
        });
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{Base(upstream)}}", "ApiKey": "secret" } }, "Prices": [] } }""");

        var figures = await gateway.ChatAsync("""{"model":"gemini-3.5-flash","service_tier":"priority","messages":[{"role":"user","content":"A"}]}""");

        figures.Total.ShouldBe(((1000 * (decimal)input) + (100 * (decimal)output)) / 1_000_000m);
    }

    // 300 x 0.30 + 400 x 1 + 200 x 0.03 + 100 x 0.1 + 100 x 2.50
    [Fact]
    public async Task Chat_GeminiHearsSound_ItHasItsPriceReadOrNot()
    {
        await using var upstream = await InPiecesAsync("""{"candidates":[{"content":{"parts":[{"text":"Ah."}]},"finishReason":"STOP"}],"usageMetadata":{"promptTokenCount":1000,"cachedContentTokenCount":300,"candidatesTokenCount":100,"totalTokenCount":1100,"promptTokensDetails":[{"modality":"TEXT","tokenCount":500},{"modality":"AUDIO","tokenCount":500}],"cacheTokensDetails":[{"modality":"TEXT","tokenCount":200},{"modality":"AUDIO","tokenCount":100}]}}""", cut: 10);
        await using var gateway = await TestGateway.StartAsync($$"""{ "PromptCache": { "Providers": { "gemini": { "BaseUrl": "{{Base(upstream)}}", "ApiKey": "secret" } } } }""");

        var figures = await gateway.ChatAsync("""{"model":"gemini-2.5-flash","messages":[{"role":"user","content":"A"}]}""");

        figures.Total.ShouldBe(0.000756m);
        figures.Cost.ShouldNotBeNull().GetProperty("status").GetString().ShouldBe("exact");
    }

    private static Task<ScriptedUpstream> InPiecesAsync(string answer, int cut) => ScriptedUpstream.StartAsync(async (context, _) =>
    {
        context.Response.ContentType = "application/json";
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer[..cut]), context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await context.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(answer[cut..]), context.RequestAborted);
    });

    private static string Base(ScriptedUpstream upstream) => upstream.BaseUrl[..^"/v1".Length];
}
