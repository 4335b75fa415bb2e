using System.Globalization;
using System.Net;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>What the gateway remembers is bounded: a process that may hold little lives on.</summary>
public sealed class HeapBoundTests
{
    private const int Requests = 1600;
    private const int AtOnce = 8;
    private static readonly string Words = string.Concat(Enumerable.Repeat(" the next one", 3000));

    /// <summary>80 MiB: half of it is the vocabulary and the prices. Anything that keeps a few prompts' bytes of every request ends the process.</summary>
    private const string HeapLimit = "0x5000000";

    [Fact]
    public async Task Serve_MorePromptsThanItsHeapCouldHold_LivesOn()
    {
        await using var upstream = await ScriptedUpstream.WithJsonAsync("""{"id":"c1","object":"chat.completion","created":1,"model":"electron","choices":[{"index":0,"message":{"role":"assistant","content":"Hello."},"finish_reason":"stop"}]}""");
        using var folder = new ConfigFolder($$"""
            { "PromptCache": {
                "Store": { "MaxBytes": 1048576, "MemoBytes": 1048576 },
                "Providers": {
                    "sim": { "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" },
                    "gone": { "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none", "CachePolicy": "electron" } },
                "Models": [ { "Match": "both-*", "Providers": ["gone", "sim"] }, { "Match": "gone-*", "Providers": ["gone"] } ],
                "DefaultProvider": "sim" } }
            """);
        await using var gateway = await GatewayProcess.ServeAsync(folder.FileName, ("DOTNET_GCHeapHardLimit", HeapLimit), ("DOTNET_gcServer", "0"));

        await Parallel.ForEachAsync(Enumerable.Range(0, Requests), new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = TestContext.Current.CancellationToken }, async (i, stop) =>
        {
            // Every name, tenant and prompt is new; 39 KB of each, 62 MB of all.
            var text = string.Create(CultureInfo.InvariantCulture, $"{i}") + Words;
            using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Bodies.Chat(Model(i), stream: i % 2 == 0, ("user", text))) };
            request.Headers.TryAddWithoutValidation("Authorization", $"Bearer {i}");
            using var response = await gateway.Client.SendAsync(request, stop);
            response.StatusCode.ShouldBe(i % 8 == 2 ? HttpStatusCode.BadGateway : HttpStatusCode.OK, gateway.Output);
        });

        (await gateway.Client.GetAsync("/healthz", TestContext.Current.CancellationToken)).StatusCode.ShouldBe(HttpStatusCode.OK, gateway.Output);
    }

    private static string Model(int number) => (number % 8) switch
    {
        1 => $"both-{number}",
        2 => $"gone-{number}",
        _ => $"model-{number}",
    };
}
