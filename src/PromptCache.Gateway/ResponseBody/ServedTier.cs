using System.Text;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Finds the service tier that the provider says it served a request at: it has prices of its own, and need not be the one that was asked for.</summary>
internal static class ServedTier
{
    private const int Longest = 32;

    /// <summary>The value of the first <c>service_tier</c> in a piece of a response; null when there is none. Quotes inside generated text are escaped, so text cannot pass for the member.</summary>
    public static string? Find(ReadOnlySpan<byte> piece)
    {
        var at = piece.IndexOf("\"service_tier\""u8);
        if (at < 0)
        {
            return null;
        }

        var rest = piece[(at + "\"service_tier\"".Length)..].TrimStart(" \t\r\n"u8);
        if (rest is not [(byte)':', ..])
        {
            return null;
        }

        rest = rest[1..].TrimStart(" \t\r\n"u8);
        if (rest is not [(byte)'"', ..])
        {
            return null;
        }

        var end = rest[1..].IndexOf((byte)'"');
        return end is > 0 and <= Longest ? Encoding.UTF8.GetString(rest.Slice(1, end)) : null;
    }
}
