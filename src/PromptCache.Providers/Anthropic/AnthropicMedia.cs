using System.Buffers;
using System.Buffers.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Images and files of a chat message to Anthropic's <c>image</c> and <c>document</c> blocks.</summary>
internal static class AnthropicMedia
{
    /// <summary>Writes the members of an <c>image</c> block: a URL stays one, a data URL becomes base64 with its media type.</summary>
    public static RequestError? WriteImage(JsonOut json, JsonValue image)
    {
        var url = image.IsObject ? image.Get("url"u8) : image;
        if (!url.IsString)
        {
            return AnthropicFault.Here("url", "must be a string.", "invalid_type");
        }

        using var scratch = new PooledText(url);
        if (DataUrl.IsWeb(scratch.Span))
        {
            json.Member("type"u8, "\"image\""u8);
            WriteUrlSource(json, scratch.Span);
            return null;
        }

        if (!DataUrl.TryRead(scratch.Span, out var mediaType, out var data))
        {
            return AnthropicFault.Here("url", "must be an https URL or a base64 data URL.", "invalid_image_url");
        }

        WriteImageData(json, mediaType, data);
        return null;
    }

    /// <summary>Writes the members of the block for a file: PDF and text are documents, images are images.</summary>
    public static RequestError? WriteFile(JsonOut json, JsonValue file)
    {
        var content = file.Get("file_data"u8);
        if (!content.IsString)
        {
            return AnthropicFault.Here("file_data", "must be a data URL: Anthropic does not know the file ids of other providers.", "unsupported_file");
        }

        using var scratch = new PooledText(content);
        var text = scratch.Span;
        if (DataUrl.IsWeb(text))
        {
            json.Member("type"u8, "\"document\""u8);
            WriteUrlSource(json, text);
        }
        else
        {
            if (!DataUrl.TryRead(text, out var mediaType, out var data))
            {
                // OpenAI's own clients send PDFs as bare base64 too.
                mediaType = "application/pdf"u8;
                data = text;
            }

            if (mediaType.StartsWith("image/"u8))
            {
                WriteImageData(json, mediaType, data);
                return null;
            }

            json.Member("type"u8, "\"document\""u8);
            if (mediaType.SequenceEqual("application/pdf"u8))
            {
                WriteBase64Source(json, mediaType, data);
            }
            else if (!mediaType.StartsWith("text/"u8) || !TryWriteTextSource(json, data))
            {
                return AnthropicFault.Here("file_data", "must be a PDF, a text or an image in base64.", "unsupported_file");
            }
        }

        var name = file.Get("filename"u8);
        if (!name.Text.IsEmpty)
        {
            json.Member("title"u8, name.Raw);
        }

        return null;
    }

    private static void WriteImageData(JsonOut json, ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> data)
    {
        json.Member("type"u8, "\"image\""u8);
        WriteBase64Source(json, mediaType.SequenceEqual("image/jpg"u8) ? "image/jpeg"u8 : mediaType, data);
    }

    private static void WriteUrlSource(JsonOut json, ReadOnlySpan<byte> url)
    {
        json.Name("source"u8);
        json.BeginObject();
        json.Member("type"u8, "\"url\""u8);
        json.Name("url"u8);
        json.Text(url);
        json.EndObject();
    }

    private static void WriteBase64Source(JsonOut json, ReadOnlySpan<byte> mediaType, ReadOnlySpan<byte> data)
    {
        json.Name("source"u8);
        json.BeginObject();
        json.Member("type"u8, "\"base64\""u8);
        json.Name("media_type"u8);
        json.Text(mediaType);
        json.Name("data"u8);
        json.Text(data);
        json.EndObject();
    }

    private static bool TryWriteTextSource(JsonOut json, ReadOnlySpan<byte> data)
    {
        var array = ArrayPool<byte>.Shared.Rent(Base64.GetMaxDecodedFromUtf8Length(data.Length) + 1);
        try
        {
            if (Base64.DecodeFromUtf8(data, array, out _, out var written) != OperationStatus.Done)
            {
                return false;
            }

            json.Name("source"u8);
            json.BeginObject();
            json.Member("type"u8, "\"text\""u8);
            json.Member("media_type"u8, "\"text/plain\""u8);
            json.Name("data"u8);
            json.Text(array.AsSpan(0, written));
            json.EndObject();
            return true;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(array);
        }
    }
}
