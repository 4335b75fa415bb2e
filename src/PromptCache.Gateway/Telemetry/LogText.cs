namespace PromptCache.Gateway.Telemetry;

/// <summary>Text that a client chose, made fit for a log line: nobody writes lines of their own into it.</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    public static string Clean(string text)
    {
        if (text.Length <= MaxLength && !text.Any(IsUnfit))
        {
            return text;
        }

        return string.Concat(text.Take(MaxLength).Select(c => IsUnfit(c) ? '?' : c));
    }

    // Control characters, and the Unicode line ends that some viewers break at.
    private static bool IsUnfit(char c) => char.IsControl(c) || c is '\u2028' or '\u2029';
}
