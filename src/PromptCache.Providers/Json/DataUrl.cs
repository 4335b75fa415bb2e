using System.Text;

namespace PromptCache.Providers.Json;

/// <summary>Tells apart the addresses under which clients send images and files.</summary>
internal static class DataUrl
{
    /// <summary>Whether it is an address on the web.</summary>
    public static bool IsWeb(ReadOnlySpan<byte> url) => Ascii.EqualsIgnoreCase(url[..Math.Min(8, url.Length)], "https://"u8) || Ascii.EqualsIgnoreCase(url[..Math.Min(7, url.Length)], "http://"u8);

    /// <summary>Takes a base64 data URL apart; parameters of the media type are dropped.</summary>
    public static bool TryRead(ReadOnlySpan<byte> url, out ReadOnlySpan<byte> mediaType, out ReadOnlySpan<byte> data)
    {
        mediaType = default;
        data = default;
        var comma = url.IndexOf((byte)',');
        if (comma < 0 || !Ascii.EqualsIgnoreCase(url[..Math.Min(5, url.Length)], "data:"u8) || !url[..comma].EndsWith(";base64"u8))
        {
            return false;
        }

        var head = url[5..(comma - ";base64".Length)];
        var parameters = head.IndexOf((byte)';');
        mediaType = parameters < 0 ? head : head[..parameters];
        data = url[(comma + 1)..];
        return true;
    }
}
