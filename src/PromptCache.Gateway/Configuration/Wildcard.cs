using System.IO.Enumeration;

namespace PromptCache.Gateway.Configuration;

/// <summary>Name patterns in which <c>*</c> stands for anything.</summary>
internal static class Wildcard
{
    public static bool Matches(string pattern, string name)
        => FileSystemName.MatchesSimpleExpression(pattern.Replace("?", "\\?", StringComparison.Ordinal), name, ignoreCase: true);
}
