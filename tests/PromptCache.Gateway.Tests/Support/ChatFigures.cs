using System.Text.Json;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>The figures of a response, streamed or not.</summary>
internal sealed record ChatFigures(long Prompt, long Completion, long? Cached, long? Written, string Status, JsonElement Usage, JsonElement? Cost)
{
    public decimal? Total => Cost?.GetProperty("total_cost") is { ValueKind: JsonValueKind.Number } total ? total.GetDecimal() : null;

    public string? Source => Cost?.GetProperty("source").GetString();

    public static ChatFigures Read(string text, HttpResponseMessage response)
    {
        var json = response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? text.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => l["data: ".Length..]).Last(l => l.Contains("\"usage\"", StringComparison.Ordinal))
            : text;
        using var document = JsonDocument.Parse(json);
        var usage = document.RootElement.GetProperty("usage").Clone();
        var details = usage.TryGetProperty("prompt_tokens_details", out var found) ? found : default;
        return new ChatFigures(
            usage.GetProperty("prompt_tokens").GetInt64(),
            usage.GetProperty("completion_tokens").GetInt64(),
            details.ValueKind == JsonValueKind.Object && details.TryGetProperty("cached_tokens", out var cached) ? cached.GetInt64() : null,
            details.ValueKind == JsonValueKind.Object && details.TryGetProperty("cache_write_tokens", out var written) ? written.GetInt64() : null,
            response.Headers.TryGetValues("x-promptcache-status", out var status) ? status.Single() : "",
            usage,
            document.RootElement.TryGetProperty("cost_details", out var cost) ? cost.Clone() : null);
    }
}
