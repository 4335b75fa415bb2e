using System.Buffers;
using System.Globalization;
using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Explicit caching by <c>cachedContents</c>. System instruction, tools and tool choice are frozen in the cache: a request that uses it must not carry them.</summary>
/// <remarks>Sources: ai.google.dev, Context caching and API reference "Caching"; googleapis/python-genai 6680718, <c>caches.py</c>.</remarks>
internal sealed class GeminiPrefixCaches : IPrefixCaches
{
    private const string Prefix = "/v1beta/";

    // What Google's messages about a cache have in common, lower case and without blanks: "CachedContent not found (or permission denied)", "Cache content 1 is expired."
    private static readonly string[] Gone = ["cachedcontent", "cachecontent", "cached_content"];

    /// <inheritdoc/>
    public string CreationPath => Prefix + "cachedContents";

    /// <inheritdoc/>
    public bool CanCut(SegmentList segments, int segment)
    {
        if (segment < 0 || segment + 1 >= segments.Count || !HasTextBehind(segments, segment))
        {
            return false;
        }

        ref readonly var last = ref segments[segment];
        ref readonly var next = ref segments[segment + 1];
        if (last.Level != SegmentLevel.Messages)
        {
            // The whole system instruction is frozen in the cache: what changes behind the marker would make every request a new cache.
            return next.Level == SegmentLevel.Messages;
        }

        // Parallel calls, and their results, stay together.
        return last.Role switch
        {
            SegmentRole.Tool => next.Item != last.Item && next.Role != SegmentRole.Tool,
            SegmentRole.Assistant when last.Origin == SegmentOrigin.ToolCalls => next.Item != last.Item,
            _ => last.Origin == SegmentOrigin.Content,
        };
    }

    /// <inheritdoc/>
    public RequestError? WriteCreation(PromptRequest request, string model, in Segment last, TimeSpan ttl, IBufferWriter<byte> output)
    {
        using var rest = new PooledBytes();
        var json = new JsonOut(output);
        json.BeginObject();
        json.Name("model"u8);
        json.Text(GeminiModels.ResourceName(model));
        var error = GeminiRequestTranslator.Check(request, out _)
            ?? GeminiRequestTranslator.WritePrompt(request, model, new GeminiCut(true, last), json, new JsonOut(rest));
        if (error is null && GeminiRequestTranslator.HasTools(request))
        {
            error = GeminiToolChoice.Write(json, GeminiParameters.Get(request, "tool_choice"));
        }

        json.Name("ttl"u8);
        json.Text(Seconds(ttl));
        json.EndObject();
        return error;
    }

    /// <inheritdoc/>
    public RequestError? Translate(PromptRequest request, string model, string name, in Segment last, IBufferWriter<byte> output)
    {
        using var cached = new PooledBytes();
        var json = new JsonOut(output);
        json.BeginObject();
        json.Name("cachedContent"u8);
        json.Text(name);
        var error = GeminiRequestTranslator.Check(request, out var reasoning)
            ?? GeminiRequestTranslator.WritePrompt(request, model, new GeminiCut(true, last), new JsonOut(cached), json);
        GeminiParameters.Write(json, request, GeminiModels.Find(model), reasoning);
        json.EndObject();
        return error;
    }

    /// <inheritdoc/>
    public bool TryReadCreated(ReadOnlySpan<byte> body, out string name, out long? tokens)
    {
        (name, tokens) = ("", null);
        if (!JsonValue.TryParse(body, out var created) || created.Get("name"u8).Text.IsEmpty)
        {
            return false;
        }

        using var text = new PooledText(created.Get("name"u8));
        name = Encoding.UTF8.GetString(text.Span);
        tokens = created.Get("usageMetadata"u8).Get("totalTokenCount"u8).TryGetInt64(out var count) ? count : null;
        return name.Length <= 512 && name.StartsWith("cachedContents/", StringComparison.Ordinal);
    }

    /// <inheritdoc/>
    public string RenewalPath(string name) => $"{Prefix}cachedContents/{Uri.EscapeDataString(name["cachedContents/".Length..])}?updateMask=ttl";

    /// <inheritdoc/>
    public void WriteRenewal(TimeSpan ttl, IBufferWriter<byte> output)
    {
        var json = new JsonOut(output);
        json.BeginObject();
        json.Name("ttl"u8);
        json.Text(Seconds(ttl));
        json.EndObject();
    }

    /// <inheritdoc/>
    public bool MayBeGone(int status) => status is 400 or 403 or 404;

    /// <inheritdoc/>
    public bool IsGone(ReadOnlySpan<byte> body)
    {
        var text = Encoding.UTF8.GetString(body).Replace(" ", "", StringComparison.Ordinal);
        return Array.Exists(Gone, g => text.Contains(g, StringComparison.OrdinalIgnoreCase));
    }

    // A request needs a content of its own.
    private static bool HasTextBehind(SegmentList segments, int segment)
    {
        for (var i = segment + 1; i < segments.Count; i++)
        {
            if (segments[i].Kind is not (SegmentKind.Null or SegmentKind.Reasoning) && (segments[i].Kind != SegmentKind.Text || !segments[i].Text.IsEmpty))
            {
                return true;
            }
        }

        return false;
    }

    private static string Seconds(TimeSpan ttl) => ((long)Math.Ceiling(ttl.TotalSeconds)).ToString(CultureInfo.InvariantCulture) + "s";
}
