namespace PromptCache.Core.Pricing;

/// <summary>The spellings under which a price book may list a model. Suffixes are only taken off, never guessed: <c>gpt-4o-mini</c> never becomes <c>gpt-4o</c>.</summary>
internal static class ModelNames
{
    private static readonly string[] RoutePrefixes =
    [
        "models/", "publishers/google/models/", "publishers/anthropic/models/", "accounts/fireworks/models/", "accounts/fireworks/routers/",
        "us/", "eu/", "global/", "global-standard/", "regional/", "anthropic.",
        "us.", "eu.", "apac.", "ap.", "au.", "jp.", "global.", "us-gov.",
    ];

    /// <summary>The name itself, then without each stamp that it ends in.</summary>
    public static IEnumerable<string> Spellings(string name)
    {
        yield return name;
        if (name.StartsWith("ft:", StringComparison.OrdinalIgnoreCase) && BaseOfFineTune(name) is { } trained)
        {
            yield return trained;
        }

        var shorter = name;
        while (TryTakeStamp(shorter, out shorter))
        {
            yield return shorter;
        }

        // OpenRouter writes claude-opus-4.5 where Anthropic writes claude-opus-4-5.
        if (name.StartsWith("claude", StringComparison.OrdinalIgnoreCase) && name.Contains('.', StringComparison.Ordinal))
        {
            foreach (var spelling in Spellings(name.Replace('.', '-')))
            {
                yield return spelling;
            }
        }
    }

    /// <summary>Takes off a region or a path that says how the model is reached, not which it is.</summary>
    public static bool TryTakeRoute(string name, out string rest)
    {
        foreach (var prefix in RoutePrefixes)
        {
            if (name.Length > prefix.Length && name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                rest = name[prefix.Length..];
                return true;
            }
        }

        rest = name;
        return false;
    }

    /// <summary>Takes off one stamp: a date, <c>latest</c>, Google's <c>-001</c>, Bedrock's <c>-v1:0</c>.</summary>
    public static bool TryTakeStamp(string name, out string rest)
    {
        var length = StampLength(name);
        rest = name[..^length];
        return length > 0 && rest.Length > 0;
    }

    private static int StampLength(string name)
    {
        if (Ends(name, "@########") || Ends(name, "-########"))
        {
            return 9;
        }

        if (Ends(name, "-####-##-##"))
        {
            return 11;
        }

        if (Ends(name, "@default"))
        {
            return 8;
        }

        if (Ends(name, "-latest") || Ends(name, "@latest"))
        {
            return 7;
        }

        if (name.StartsWith("gemini", StringComparison.OrdinalIgnoreCase) && Ends(name, "-00#"))
        {
            return 4;
        }

        return !name.Contains("claude", StringComparison.OrdinalIgnoreCase) ? 0 : Ends(name, "-v#:#") ? 5 : Ends(name, "-v#") ? 3 : 0;
    }

    private static bool Ends(string name, ReadOnlySpan<char> stamp)
    {
        if (name.Length <= stamp.Length)
        {
            return false;
        }

        var end = name.AsSpan(name.Length - stamp.Length);
        for (var i = 0; i < stamp.Length; i++)
        {
            if (stamp[i] == '#' ? !char.IsAsciiDigit(end[i]) : char.ToLowerInvariant(end[i]) != stamp[i])
            {
                return false;
            }
        }

        return true;
    }

    // ft:gpt-4o-2024-08-06:organisation:name:id is priced as ft:gpt-4o-2024-08-06.
    private static string? BaseOfFineTune(string name)
    {
        var colon = name.IndexOf(':', 3);
        return colon < 0 ? null : name[..colon];
    }
}
