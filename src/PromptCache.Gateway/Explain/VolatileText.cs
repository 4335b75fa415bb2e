using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace PromptCache.Gateway.Explain;

/// <summary>Finds what tends to change from request to request: dates, times, ids, names. All patterns run in linear time.</summary>
internal static class VolatileText
{
    private const string Months = "(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sep(?:t(?:ember)?)?|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?)";

    // The order matters for masking: a date with a time before either.
    private static readonly (string Name, Regex Pattern)[] Patterns =
    [
        ("a UUID", Compile(@"\b[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}\b")),
        ("a date", Compile(@"\b(?:19|20)\d\d-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?")),
        ("a date", Compile($@"\b{Months}\.? \d{{1,2}}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?\b|\b\d{{1,2}}(?:st|nd|rd|th|\.)? {Months}(?:,? (?:19|20)\d\d)?\b")),
        ("a date", Compile(@"\b\d{1,2}[/.]\d{1,2}[/.](?:19|20)\d\d\b|\b(?:19|20)\d\d/\d{1,2}/\d{1,2}\b")),
        ("a day of the week", Compile(@"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")),
        ("a time", Compile(@"\b\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?\b")),
        ("a request or session id", Compile(@"\b(?:req|request|trace|session|sess|run|conv|conversation|thread|user|call|msg)[-_][A-Za-z0-9][A-Za-z0-9_-]{5,}\b")),
        ("an epoch time", Compile(@"\b1[5-9]\d{8}(?:\d{3})?\b")),
        ("a long hexadecimal id", Compile(@"\b[0-9a-f]{16,}\b")),
        ("a user's name", Compile(@"(?:[Yy]ou are (?:helping|assisting|talking to|talking with|chatting with|speaking with|speaking to)|[Tt]he user(?:'s name)? is(?: called| named)?|[Uu]ser(?:name| name)?:|[Cc]ustomer(?: name)?:|[Mm]y name is) [A-Z][\p{L}'-]*(?: [A-Z][\p{L}'-]*)?")),
    ];

    /// <summary>What there is, in the order of the text, at most one of each kind.</summary>
    public static ImmutableArray<VolatileKind> Find(string text)
        => [.. Patterns
            .Select(p => (p.Name, Match: p.Pattern.Match(text)))
            .Where(found => found.Match.Success)
            .Select(found => new VolatileKind(found.Name, found.Match.Index))
            .OrderBy(k => k.At)
            .DistinctBy(k => k.Name)];

    /// <summary>The text with all of it replaced; null when there was nothing.</summary>
    public static string? Mask(string text)
    {
        var masked = text;
        foreach (var (_, pattern) in Patterns)
        {
            masked = pattern.Replace(masked, "\u0001");
        }

        return ReferenceEquals(masked, text) || masked == text ? null : masked;
    }

    private static Regex Compile(string pattern) => new(pattern, RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
}
