using System.Text;
using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Providers;

/// <summary>An upstream that answers as one provider documents it.</summary>
internal static class ProviderUpstream
{
    public static Task<ScriptedUpstream> StartAsync(ProviderCase provider) => ScriptedUpstream.StartAsync(async (context, body) =>
    {
        foreach (var header in provider.Headers)
        {
            var colon = header.IndexOf(':', StringComparison.Ordinal);
            context.Response.Headers[header[..colon]] = header[(colon + 1)..].Trim();
        }

        var request = Bodies.Json(Encoding.UTF8.GetString(body));
        if (request.TryGetProperty("stream", out var stream) && stream.GetBoolean())
        {
            var isAsked = request.TryGetProperty("stream_options", out var options) && options.GetProperty("include_usage").GetBoolean();
            context.Response.ContentType = "text/event-stream";
            foreach (var chunk in Chunks(provider, isAsked))
            {
                await context.Response.WriteAsync($"data: {chunk}\n\n", context.RequestAborted);
            }

            return;
        }

        context.Response.ContentType = "application/json";
        var usage = provider.Usage.Length == 0 ? "" : $",\"usage\":{provider.Usage}{provider.Beside}";
        await context.Response.WriteAsync($$"""{"id":"x","object":"chat.completion","created":1,"model":"{{provider.Model}}","choices":[{"index":0,"message":{"role":"assistant","content":"ok"},"finish_reason":"stop"}]{{usage}}}""", context.RequestAborted);
    });

    private static IEnumerable<string> Chunks(ProviderCase provider, bool isAsked)
    {
        var place = provider.Place;
        var usage = $",\"usage\":{provider.Usage}{provider.Beside}";
        var isLast = place == UsagePlace.LastChunkAlways || (isAsked && place is UsagePlace.LastChunk or UsagePlace.XGroqAndLastChunk);
        var before = place == UsagePlace.EveryChunk ? ",\"usage\":{\"prompt_tokens\":" + provider.Prompt + ",\"completion_tokens\":1,\"total_tokens\":" + (provider.Prompt + 1) + "}"
            : place == UsagePlace.LastChunk && isAsked ? ",\"usage\":null"
            : "";
        yield return Chunk("""{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}""", before);
        yield return Chunk("""{"index":0,"delta":{"content":"ok"},"finish_reason":null}""", place == UsagePlace.DeltaChunk ? usage : before);
        yield return place switch
        {
            UsagePlace.FinishChunk or UsagePlace.FinishChunkThenEmpty or UsagePlace.EveryChunk => Chunk("""{"index":0,"delta":{},"finish_reason":"stop"}""", usage),
            UsagePlace.ChoiceOfFinishChunk => Chunk($$"""{"index":0,"delta":{},"finish_reason":"stop","usage":{{provider.Usage}}}""", ""),
            UsagePlace.XGroq or UsagePlace.XGroqAndLastChunk => Chunk("""{"index":0,"delta":{},"finish_reason":"stop"}""", $",\"x_groq\":{{\"id\":\"req_1\",\"usage\":{provider.Usage}}}"),
            _ => Chunk("""{"index":0,"delta":{},"finish_reason":"stop"}""", before),
        };

        if (isLast)
        {
            yield return Chunk("", usage);
        }

        if (place == UsagePlace.FinishChunkThenEmpty)
        {
            yield return Chunk("", "");
        }

        yield return "[DONE]";

        string Chunk(string choice, string more)
            => $$"""{"id":"x","object":"chat.completion.chunk","created":1,"model":"{{provider.Model}}","choices":[{{choice}}]{{more}}}""";
    }
}
