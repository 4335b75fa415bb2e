using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Anthropic;
using Anthropic.Core;
using Anthropic.Models.Messages;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>Anthropic's official client, with its validation on, reads what is written for it and writes what is read.</summary>
public class OfficialClientTests
{
    private const string Chat = """{"id":"chatcmpl-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello","reasoning_content":"hm","tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]},"finish_reason":"tool_calls"}],"usage":{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":60}}}""";

    private static readonly string[] Chunks =
    [
        """{"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}""",
        """{"id":"c","choices":[{"index":0,"delta":{"reasoning_content":"hm"}}]}""",
        ": keep-alive",
        """{"id":"c","choices":[{"index":0,"delta":{"content":"Hel"}}]}""",
        """{"id":"c","choices":[{"index":0,"delta":{"content":"lo"}}]}""",
        """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":"}}]}}]}""",
        """{"id":"c","choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"1}"}}]}}]}""",
        """{"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}""",
        """{"id":"c","choices":[],"usage":{"prompt_tokens":100,"completion_tokens":7,"prompt_tokens_details":{"cached_tokens":60}}}""",
        "[DONE]",
    ];

    [Fact]
    public async Task Create_TranslatedResponse_AcceptedAndRead()
    {
        var server = new Scripted(Inbound.Body(Chat), "application/json");

        var message = await Client(server).Messages.Create(Request(), TestContext.Current.CancellationToken);

        message.Content.Count.ShouldBe(3);
        message.Content[1].TryPickText(out var text).ShouldBeTrue();
        text!.Text.ShouldBe("Hello");
        message.Content[2].TryPickToolUse(out var tool).ShouldBeTrue();
        tool!.Name.ShouldBe("f");
        message.Usage.InputTokens.ShouldBe(40);
        message.Usage.CacheReadInputTokens.ShouldBe(60);
        Inbound.ToChat(server.Request).ShouldContain("""{"role":"user","content":"Hi"}""");
    }

    [Fact]
    public async Task CreateStreaming_TranslatedStream_EveryEventRead()
    {
        var server = new Scripted(Inbound.Stream(Chunks), "text/event-stream");
        var text = new StringBuilder();
        var input = new StringBuilder();
        var stopped = false;
        long? output = null;

        await foreach (var one in Client(server).Messages.CreateStreaming(Request(), TestContext.Current.CancellationToken))
        {
            if (one.TryPickContentBlockDelta(out var delta))
            {
                text.Append(delta.Delta.TryPickText(out var piece) ? piece.Text : "");
                input.Append(delta.Delta.TryPickInputJson(out var json) ? json.PartialJson : "");
            }
            else if (one.TryPickDelta(out var last))
            {
                output = last.Usage.OutputTokens;
                last.Usage.CacheReadInputTokens.ShouldBe(60);
            }

            stopped |= one.TryPickStop(out _);
        }

        text.ToString().ShouldBe("Hello");
        input.ToString().ShouldBe("{\"x\":1}");
        output.ShouldBe(7);
        stopped.ShouldBeTrue();
        Inbound.ToChat(server.Request).ShouldEndWith(""","stream":true,"stream_options":{"include_usage":true}}""");
    }

    private static MessageCreateParams Request() => new() { Model = "gpt-5", MaxTokens = 50, Messages = [new UserMessageParam("Hi")] };

    private static AnthropicClient Client(Scripted server)
        => new(new ClientOptions { ApiKey = "k", BaseUrl = "http://gateway.test", HttpClient = new HttpClient(server), MaxRetries = 0, ResponseValidation = true });

    private sealed class Scripted(string response, string type) : HttpMessageHandler
    {
        public string Request { get; private set; } = "";

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri!.AbsolutePath.ShouldBe("/v1/messages");
            Request = await request.Content!.ReadAsStringAsync(cancellationToken);
            var content = new StringContent(response, Encoding.UTF8);
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = content };
        }
    }
}
