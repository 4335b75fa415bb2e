using System.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Images, files, audio and video of a chat message to <c>inlineData</c> and <c>fileData</c>.</summary>
internal static class GeminiMedia
{
    private static readonly (byte[] Extension, byte[] MediaType)[] MediaTypes =
    [
        (".jpg"u8.ToArray(), "image/jpeg"u8.ToArray()),
        (".jpeg"u8.ToArray(), "image/jpeg"u8.ToArray()),
        (".png"u8.ToArray(), "image/png"u8.ToArray()),
        (".webp"u8.ToArray(), "image/webp"u8.ToArray()),
        (".gif"u8.ToArray(), "image/gif"u8.ToArray()),
        (".heic"u8.ToArray(), "image/heic"u8.ToArray()),
        (".pdf"u8.ToArray(), "application/pdf"u8.ToArray()),
        (".txt"u8.ToArray(), "text/plain"u8.ToArray()),
        (".mp3"u8.ToArray(), "audio/mp3"u8.ToArray()),
        (".wav"u8.ToArray(), "audio/wav"u8.ToArray()),
        (".mp4"u8.ToArray(), "video/mp4"u8.ToArray()),
        (".webm"u8.ToArray(), "video/webm"u8.ToArray()),
    ];

    /// <summary>Writes the member for an image or a video: <c>{"url": …}</c>, or the URL itself.</summary>
    public static RequestError? WriteUrl(JsonOut json, JsonValue media, string path)
    {
        var url = media.IsObject ? media.Get("url"u8) : media;
        if (!url.IsString)
        {
            return new($"'{path}.url' must be a string.", path + ".url", "invalid_type");
        }

        using var text = new PooledText(url);
        if (DataUrl.TryRead(text.Span, out var mediaType, out var data))
        {
            WriteInline(json, mediaType, data);
            return null;
        }

        if (!IsAddress(text.Span))
        {
            return new($"'{path}.url' must be an https URL, a gs URI or a base64 data URL.", path + ".url", "invalid_image_url");
        }

        WriteAddress(json, text.Span);
        return null;
    }

    /// <summary>Writes the member for a file: its data, or the id of a file that was uploaded to Google.</summary>
    public static RequestError? WriteFile(JsonOut json, JsonValue file, string path)
    {
        var content = file.Get("file_data"u8);
        content = content.IsString ? content : file.Get("file_id"u8);
        using var text = new PooledText(content);
        if (DataUrl.TryRead(text.Span, out var mediaType, out var data))
        {
            WriteInline(json, mediaType, data);
        }
        else if (IsAddress(text.Span))
        {
            WriteAddress(json, text.Span);
        }
        else if (file.Get("file_data"u8).IsString)
        {
            // OpenAI's own clients send PDFs as bare base64 too.
            WriteInline(json, "application/pdf"u8, text.Span);
        }
        else
        {
            return new($"'{path}.file_data' must be a data URL or the address of a file: Gemini does not know the file ids of other providers.", path + ".file_data", "unsupported_file");
        }

        return null;
    }

    /// <summary>Writes the member for <c>input_audio</c>.</summary>
    public static RequestError? WriteAudio(JsonOut json, JsonValue audio, string path)
    {
        var data = audio.Get("data"u8);
        var format = audio.Get("format"u8);
        if (!data.IsString || format.Text.IsEmpty)
        {
            return new($"'{path}' must have 'data' and 'format'.", path, "invalid_type");
        }

        json.Name("inlineData"u8);
        json.BeginObject();
        json.Name("mimeType"u8);
        json.RawText("audio/"u8, format.Text);
        json.Member("data"u8, data.Raw);
        json.EndObject();
        return null;
    }

    private static bool IsAddress(ReadOnlySpan<byte> url) => DataUrl.IsWeb(url) || url.StartsWith("gs://"u8);

    private static void WriteInline(JsonOut json, ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> data)
    {
        json.Name("inlineData"u8);
        json.BeginObject();
        json.Name("mimeType"u8);
        json.Text(mediaType.SequenceEqual("image/jpg"u8) ? "image/jpeg"u8 : mediaType.IsEmpty ? "text/plain"u8 : mediaType);
        json.Name("data"u8);
        json.Text(data);
        json.EndObject();
    }

    private static void WriteAddress(JsonOut json, ReadOnlySpan<byte> url)
    {
        json.Name("fileData"u8);
        json.BeginObject();
        var end = url.IndexOfAny((byte)'?', (byte)'#');
        var path = end < 0 ? url : url[..end];
        foreach (var (extension, mediaType) in MediaTypes)
        {
            if (path.Length > extension.Length && Ascii.EqualsIgnoreCase(path[^extension.Length..], extension))
            {
                json.Name("mimeType"u8);
                json.Text(mediaType);
            }
        }

        json.Name("fileUri"u8);
        json.Text(url);
        json.EndObject();
    }
}
