using System.Text.Json;
using System.Text.Json.Nodes;
using PromptCache.Gateway.Commands;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Chat bodies.</summary>
internal static class Bodies
{
    private static readonly TokenizerCatalog Tokenizers = new();

    /// <summary>A body of the given messages, each <c>(role, content)</c>.</summary>
    public static string Chat(params (string Role, string Content)[] messages) => Chat("electron", stream: false, messages);

    public static string Chat(string model, bool stream, params (string Role, string Content)[] messages)
    {
        var body = new JsonObject { ["model"] = model };
        if (stream)
        {
            body["stream"] = true;
            body["stream_options"] = new JsonObject { ["include_usage"] = true };
        }

        body["messages"] = new JsonArray([.. messages.Select(m => new JsonObject { ["role"] = m.Role, ["content"] = m.Content })]);
        return body.ToJsonString();
    }

    /// <summary>A text with which its message costs exactly <paramref name="tokens"/>: 4 go to the chat format.</summary>
    public static string Text(int tokens, string start) => DemoPrompts.Text(Tokenizers.ForModel("electron").Tokenizer, tokens - 4, start);

    public static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
