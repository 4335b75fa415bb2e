using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using PromptCache.Simulator.Hosting;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Anthropic;

/// <summary>What every request to Anthropic has to pass: its headers, then its body.</summary>
internal static class AnthropicGate
{
    public static bool TryPass(Exchange exchange, bool needsMaxTokens, [NotNullWhen(true)] out JsonDocument? body, [NotNullWhen(false)] out Refusal? refusal)
    {
        (body, refusal) = (null, Headers(exchange.Request.Headers));
        if (refusal is not null)
        {
            return false;
        }

        if (!JsonBody.TryParse(exchange.Body, out var document, out var problem))
        {
            refusal = new(400, $"The request body is not valid JSON: {problem}");
            return false;
        }

        var version = exchange.Request.Headers["anthropic-version"].ToString();
        if (MessagesValidator.Problems(document.RootElement, needsMaxTokens).Concat(VersionRules.Problems(document.RootElement, version)).FirstOrDefault() is { } first)
        {
            document.Dispose();
            refusal = new(400, first);
            return false;
        }

        body = document;
        return true;
    }

    private static Refusal? Headers(IHeaderDictionary headers)
    {
        if (headers["x-api-key"].ToString() is "" && headers.Authorization.ToString() is "")
        {
            return new(401, "x-api-key header is required");
        }

        return headers["anthropic-version"].ToString() switch
        {
            "" => new(400, "anthropic-version: header is required"),
            // The last one is what the official clients of late 2026 send.
            "2023-06-01" or "2023-01-01" or VersionRules.Newest => null,
            var other => new(400, $"anthropic-version: \"{other}\" is not a valid version"),
        };
    }
}
