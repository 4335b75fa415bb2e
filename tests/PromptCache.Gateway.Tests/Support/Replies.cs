using System.Text;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>What upstreams say.</summary>
internal static class Replies
{
    public const string Done = "data: [DONE]\n\n";

    /// <summary>A whole completion with the figures of a provider.</summary>
    public const string Json = """{"id":"c1","object":"chat.completion","created":1,"model":"electron","choices":[{"index":0,"message":{"role":"assistant","content":"Hello there."},"finish_reason":"stop"}],"usage":{"prompt_tokens":20,"completion_tokens":3,"total_tokens":23}}""";

    /// <summary>The chunk that holds usage alone.</summary>
    public const string Usage = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"electron","choices":[],"usage":{"prompt_tokens":20,"completion_tokens":3,"total_tokens":23}}""" + "\n\n";

    public const string Finish = """data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"electron","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""" + "\n\n";

    public static string Chunk(string content)
        => $$"""data: {"id":"c1","object":"chat.completion.chunk","created":1,"model":"electron","choices":[{"index":0,"delta":{"content":"{{content}}"},"finish_reason":null}]}""" + "\n\n";

    /// <summary>A raw HTTP response.</summary>
    public static string Http(string status, string body, string headers = "Content-Type: application/json")
        => $"HTTP/1.1 {status}\r\n{headers}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\nConnection: close\r\n\r\n{body}";
}
