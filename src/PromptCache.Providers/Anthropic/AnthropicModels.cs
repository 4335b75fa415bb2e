namespace PromptCache.Providers.Anthropic;

/// <summary>The model table. A new model is a line here; a name that no line knows is taken for one of the newest generation, another vendor's for the oldest.</summary>
/// <remarks>
/// Sources: platform.claude.com, model pages and migration guides of Opus 5.5, Sonnet 5.5, Haiku 5.5, Opus 5 (read 2026-11); the <c>claude-api</c> skill in
/// anthropics/skills 9d2f1ae1 (2026-07-01): output limits, adaptive thinking, efforts, sampling parameters, <c>display</c>, structured outputs; docs.aws.amazon.com
/// "Adaptive thinking" for models that cannot stop thinking; langchain-ai/langchainjs anthropic 1.5.13 (2026-10-20) for system messages among the messages
/// (it lists Sonnet 5, Anthropic's skill does not: left out); platform.claude.com "What's new" of Opus 5.5 (it names Fable 5.1 too) and Sonnet 5.5 for forced tools.
/// </remarks>
internal static class AnthropicModels
{
    // The first match counts: the longer name stands before the shorter.
    private static readonly AnthropicModel[] Table =
    [
        // match                    max      default  thinking                          xhigh  sample hides  system schemas forced
        new("claude-fable-5-1",     128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   false),
        new("claude-fable-5-2",     128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   false),
        new("claude-fable-5",       128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   true),
        new("claude-fable-",        128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   true),
        new("claude-mythos-preview", 128_000, 128_000, ThinkingStyle.AlwaysAdaptive,      true,  false, true,  false, true,   true),
        new("claude-mythos-5-1",    128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   false),
        new("claude-mythos-5",      128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   true),
        new("claude-mythos-",       128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   true),
        new("claude-opus-5-5",      128_000, 128_000, ThinkingStyle.AlwaysAdaptive,       true,  false, true,  true,  true,   false),
        new("claude-opus-5",        128_000, 128_000, ThinkingStyle.Adaptive,             true,  false, true,  true,  true,   true),
        new("claude-opus-4-8",      128_000, 128_000, ThinkingStyle.Adaptive,             true,  false, true,  true,  true,   true),
        new("claude-opus-4-7",      128_000, 128_000, ThinkingStyle.Adaptive,             true,  false, true,  false, true,   true),
        new("claude-opus-4-6",      128_000, 128_000, ThinkingStyle.Adaptive,             false, true,  false, false, true,   true),
        new("claude-opus-4-5",       64_000,  64_000, ThinkingStyle.Budget,               false, true,  false, false, true,   true),
        new("claude-opus-4-1",       32_000,  16_384, ThinkingStyle.Budget,               false, true,  false, false, true,   true),
        new("claude-opus-4",         32_000,  16_384, ThinkingStyle.Budget,               false, true,  false, false, false,  true),
        new("claude-sonnet-5-5",    128_000, 128_000, ThinkingStyle.AdaptiveBetweenTools, true,  false, true,  true,  true,   false),
        new("claude-sonnet-5",      128_000, 128_000, ThinkingStyle.Adaptive,             true,  false, true,  false, true,   true),
        new("claude-sonnet-4-6",    128_000,  64_000, ThinkingStyle.Adaptive,             false, true,  false, false, true,   true),
        new("claude-sonnet-4-5",     64_000,  64_000, ThinkingStyle.Budget,               false, true,  false, false, true,   true),
        new("claude-sonnet-4",       64_000,  16_384, ThinkingStyle.Budget,               false, true,  false, false, false,  true),
        new("claude-haiku-5-5",     128_000, 128_000, ThinkingStyle.Adaptive,             true,  false, true,  true,  true,   true),
        new("claude-haiku-4-5",      64_000,  64_000, ThinkingStyle.Budget,               false, true,  false, false, true,   true),
        new("claude-3-7-sonnet",     64_000,   8_192, ThinkingStyle.Budget,               false, true,  false, false, false,  true),
        new("claude-3-5",             8_192,   8_192, ThinkingStyle.None,                 false, true,  false, false, false,  true),
        new("claude-3-",              4_096,   4_096, ThinkingStyle.None,                 false, true,  false, false, false,  true),
        new("claude-2",               4_096,   4_096, ThinkingStyle.None,                 false, true,  false, false, false,  true),
        new("claude-",              128_000,  64_000, ThinkingStyle.Adaptive,             true,  false, true,  false, true,   true),
        new("",                      32_000,   8_192, ThinkingStyle.Budget,               false, true,  false, false, true,   true),
    ];

    /// <summary>Finds the line for a name in any of its spellings: with a vendor in front, with dots, with a date behind.</summary>
    public static AnthropicModel Find(string model)
    {
        var name = model.Replace('.', '-').ToLowerInvariant();
        var start = name.IndexOf("claude-", StringComparison.Ordinal);
        var own = start < 0 ? "" : name[start..];
        return Array.Find(Table, line => Begins(own, line.Match))!;
    }

    /// <summary>The name in the Claude API's spelling: a date stands behind a dash there, not behind an at sign.</summary>
    public static string WireName(string model) => model.Replace('@', '-');

    // "claude-opus-4-1" is not the beginning of "claude-opus-4-10".
    private static bool Begins(string name, string match)
        => name.StartsWith(match, StringComparison.Ordinal)
            && (match is "" or [.., '-'] || name.Length == match.Length || !char.IsAsciiDigit(name[match.Length]));
}
