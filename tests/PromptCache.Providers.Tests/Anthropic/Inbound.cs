using System.Buffers;
using System.Text;
using System.Text.Json;
using PromptCache.Providers.Anthropic;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>The public doors of the inbound protocol, for text.</summary>
internal static class Inbound
{
    public static string ToChat(string messages)
    {
        var output = new ArrayBufferWriter<byte>();
        new AnthropicInbound().ToChat(Encoding.UTF8.GetBytes(messages), output).ShouldBeNull();
        var text = Encoding.UTF8.GetString(output.WrittenSpan);
        JsonDocument.Parse(text).Dispose();
        return text;
    }

    public static string? Refused(string messages) => new AnthropicInbound().ToChat(Encoding.UTF8.GetBytes(messages), new ArrayBufferWriter<byte>()).ShouldNotBeNull().Param;

    public static string Body(string chat)
    {
        var output = new ArrayBufferWriter<byte>();
        Response().TranslateBody(Encoding.UTF8.GetBytes(chat), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Stream(params string[] data)
    {
        var output = new ArrayBufferWriter<byte>();
        var response = Response();
        foreach (var one in data)
        {
            response.TranslateEvent(Encoding.UTF8.GetBytes(one.StartsWith(':') ? one + "\n\n" : $"data: {one}\n\n"), output);
        }

        response.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static IInboundResponse Response() => new AnthropicInbound().CreateResponse(new("claude-x", "req-1", 0));
}
