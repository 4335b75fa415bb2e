using System.Buffers;
using System.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Anthropic;

namespace PromptCache.Providers.Tests.Anthropic;

/// <summary>The public doors of the protocol, for text.</summary>
internal static class Translation
{
    public const string Sonnet45 = "claude-sonnet-4-5";

    public static string Request(string chat, string model = Sonnet45)
    {
        Try(chat, model, out var text).ShouldBeNull();
        return text;
    }

    public static RequestError Refused(string chat, string model = Sonnet45) => Try(chat, model, out _).ShouldNotBeNull();

    /// <summary>Messages only, in a request that says nothing else.</summary>
    public static string Messages(string messages, string model = Sonnet45)
    {
        var whole = Request($$"""{"model":"m","messages":{{messages}},"max_tokens":9}""", model);
        var head = $$"""{"model":"{{model}}",""";
        const string Tail = ""","max_tokens":9}""";
        whole.ShouldStartWith(head);
        whole.ShouldEndWith(Tail);
        return whole[head.Length..^Tail.Length];
    }

    public static RequestError? Try(string chat, string model, out string text)
    {
        text = "";
        if (Requests.TryRead(chat, out var request) is { } unreadable)
        {
            return unreadable;
        }

        var output = new ArrayBufferWriter<byte>();
        var error = new AnthropicProtocol().Request!.Translate(request!, model, output);
        text = Encoding.UTF8.GetString(output.WrittenSpan);
        if (error is null)
        {
            using var _ = System.Text.Json.JsonDocument.Parse(text, new() { MaxDepth = 600 });
        }

        return error;
    }

    public static IResponseTranslator Response(string model = "claude")
        => new AnthropicProtocol().CreateResponse(new(model, "req-1", 1700000000)).ShouldNotBeNull();

    public static string Body(string message)
    {
        var output = new ArrayBufferWriter<byte>();
        Response().TranslateBody(Encoding.UTF8.GetBytes(message), output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }

    public static string Stream(params string[] events)
    {
        var output = new ArrayBufferWriter<byte>();
        var translator = Response();
        foreach (var one in events)
        {
            translator.TranslateEvent(Encoding.UTF8.GetBytes(one), output);
        }

        translator.Complete(output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
