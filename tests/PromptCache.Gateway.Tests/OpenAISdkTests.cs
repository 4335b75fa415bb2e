using System.ClientModel;
using OpenAI;
using OpenAI.Chat;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Gateway.Tests;

/// <summary>OpenAI's own .NET client in front of the gateway.</summary>
public sealed class OpenAISdkTests
{
    [Fact]
    public async Task Sdk_ChatWithToolsAndImage_SeesCachedTokens()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl + "/v1");
        var client = Client(gateway);
        ChatMessage[] messages =
        [
            new SystemChatMessage("You are a helpful assistant."),
            new UserChatMessage(ChatMessageContentPart.CreateTextPart("What is this?"), ChatMessageContentPart.CreateImagePart(new Uri("https://example.com/cat.png"), ChatImageDetailLevel.Low)),
        ];
        var options = new ChatCompletionOptions { Tools = { ChatTool.CreateFunctionTool("weather", "Looks it up.", BinaryData.FromString("""{"type":"object","properties":{"city":{"type":"string"}}}""")) } };

        ChatCompletion first = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);
        ChatCompletion second = await client.CompleteChatAsync(messages, options, TestContext.Current.CancellationToken);

        first.Usage.InputTokenDetails.CachedTokenCount.ShouldBe(0);
        second.Usage.InputTokenDetails.CachedTokenCount.ShouldBeGreaterThan(0);
        second.Usage.InputTokenDetails.CachedTokenCount.ShouldBeLessThanOrEqualTo(second.Usage.InputTokenCount);
    }

    [Fact]
    public async Task Sdk_Stream_SeesCachedTokens()
    {
        await using var upstream = await SimulatorHost.StartAsync(new(), cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl + "/v1");
        var client = Client(gateway);
        var cached = new List<int>();
        for (var i = 0; i < 2; i++)
        {
            await foreach (var update in client.CompleteChatStreamingAsync([new UserChatMessage("Tell me about prefix caching.")], cancellationToken: TestContext.Current.CancellationToken))
            {
                if (update.Usage is { } usage)
                {
                    cached.Add(usage.InputTokenDetails.CachedTokenCount);
                }
            }
        }

        cached.Count.ShouldBe(2);
        cached[0].ShouldBe(0);
        cached[1].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task Sdk_UpstreamError_IsItsOwnException()
    {
        await using var upstream = await SimulatorHost.StartAsync(new() { Error = "400" }, cancellationToken: TestContext.Current.CancellationToken);
        await using var gateway = await TestGateway.InFrontOfAsync(upstream.BaseUrl + "/v1");

        var error = await Should.ThrowAsync<ClientResultException>(() => Client(gateway).CompleteChatAsync([new UserChatMessage("hi")], cancellationToken: TestContext.Current.CancellationToken));

        error.Status.ShouldBe(400);
    }

    private static ChatClient Client(TestGateway gateway)
        => new("electron", new ApiKeyCredential("client-key"), new OpenAIClientOptions { Endpoint = new Uri(gateway.Address, "/v1") });
}
