namespace PromptCache.Core.Pricing;

/// <summary>LiteLLM's providers and keys in the book's words.</summary>
internal static class LiteLlmNames
{
    private static readonly string[] FireworksPaths = ["accounts/fireworks/models/", "accounts/fireworks/routers/"];

    /// <summary>Provider and model of one key: <c>fireworks_ai/accounts/fireworks/models/glm-5p1</c> is <c>fireworks</c>, <c>glm-5p1</c>.</summary>
    public static (string Provider, string Model) Ours(string provider, string key)
    {
        var ours = provider switch
        {
            "text-completion-openai" => "openai",
            "azure_text" => "azure",
            "bedrock_converse" => "bedrock",
            _ when provider.StartsWith("vertex_ai", StringComparison.Ordinal) => "vertex",
            "azure_ai" => provider,
            _ => PriceProviders.Canonical(provider),
        };
        var slash = key.IndexOf('/', StringComparison.Ordinal);
        var model = slash > 0 && slash < key.Length - 1 && IsPrefixOf(key.AsSpan(0, slash), provider) ? key[(slash + 1)..] : key;
        foreach (var path in FireworksPaths)
        {
            if (ours == "fireworks" && model.StartsWith(path, StringComparison.Ordinal))
            {
                model = model[path.Length..];
            }
        }

        return (ours, model);
    }

    private static bool IsPrefixOf(ReadOnlySpan<char> head, string provider)
        => head.SequenceEqual(provider) || (head is "azure" or "bedrock" or "vertex_ai" && provider.AsSpan().StartsWith(head));
}
