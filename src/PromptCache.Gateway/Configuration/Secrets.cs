using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Gateway.Configuration;

/// <summary>Values that may stand in the environment instead of the file: <c>env:NAME</c>.</summary>
internal static class Secrets
{
    private const string Marker = "env:";

    /// <summary>Whether the text names a variable.</summary>
    public static bool IsReference(string text) => text.StartsWith(Marker, StringComparison.Ordinal);

    /// <summary>The value itself; false when the variable that it names is not set.</summary>
    /// <remarks>White space around a variable's value is none of it: a secret that was made from a file ends with a line feed.</remarks>
    public static bool TryResolve(string text, [NotNullWhen(true)] out string? value)
    {
        value = IsReference(text) ? Environment.GetEnvironmentVariable(text[Marker.Length..])?.Trim() : text;
        return !string.IsNullOrEmpty(value);
    }
}
