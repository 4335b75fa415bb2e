using System.Buffers;

namespace PromptCache.Gateway.Telemetry;

/// <summary>Text that a client chose, made fit for a log line: nobody writes lines of their own into it.</summary>
internal static class LogText
{
    private const int MaxLength = 200;

    // Control characters, and the Unicode line ends that some viewers break at.
    private static readonly SearchValues<char> Unfit = SearchValues.Create([.. Enumerable.Range(0, 0xA0).Select(c => (char)c).Where(char.IsControl), '\u2028', '\u2029']);

    public static string Clean(string text)
    {
        if (text.Length <= MaxLength && !text.AsSpan().ContainsAny(Unfit))
        {
            return text;
        }

        return string.Concat(text.Take(MaxLength).Select(c => Unfit.Contains(c) ? '?' : c));
    }
}
