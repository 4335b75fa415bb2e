using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Content blocks as chat parts: text, images and documents in OpenAI's words, anything else as it is.</summary>
internal static class MessagesParts
{
    /// <summary>Writes one part.</summary>
    public static void Write(JsonOut json, JsonValue block)
    {
        var type = block.Get("type"u8);
        var source = block.Get("source"u8);
        if (type.Is("text"u8) && block.Get("text"u8).IsString)
        {
            json.BeginObject();
            json.Member("type"u8, "\"text\""u8);
            json.Member("text"u8, block.Get("text"u8).Raw);
            End(json, block);
        }
        else if (type.Is("image"u8) && IsKnown(source))
        {
            json.BeginObject();
            json.Member("type"u8, "\"image_url\""u8);
            json.Name("image_url"u8);
            json.BeginObject();
            json.Name("url"u8);
            WriteUrl(json, source);
            json.EndObject();
            End(json, block);
        }
        else if (type.Is("document"u8) && IsKnown(source))
        {
            WriteFile(json, block, source);
        }
        else if (type.Is("document"u8) && source.Get("type"u8).Is("text"u8) && source.Get("data"u8).IsString)
        {
            WriteTextDocument(json, block, source);
        }
        else
        {
            json.Raw(block.Raw);
        }
    }

    /// <summary>Whether the block becomes an image or a file, which chat completions take from users alone.</summary>
    public static bool IsMedia(JsonValue block)
        => (block.Get("type"u8).Is("image"u8) || block.Get("type"u8).Is("document"u8)) && IsKnown(block.Get("source"u8));

    /// <summary>Writes the block's marker, if it has one, as the next member.</summary>
    public static void WriteMarker(JsonOut json, JsonValue block)
    {
        var marker = block.Get("cache_control"u8);
        if (!marker.IsNothing)
        {
            json.Member("cache_control"u8, marker.Raw);
        }
    }

    private static bool IsKnown(JsonValue source)
    {
        var type = source.Get("type"u8);
        return (type.Is("url"u8) && source.Get("url"u8).IsString)
            || (type.Is("base64"u8) && source.Get("media_type"u8).IsString && source.Get("data"u8).IsString);
    }

    private static void WriteUrl(JsonOut json, JsonValue source)
    {
        if (source.Get("type"u8).Is("url"u8))
        {
            json.Raw(source.Get("url"u8).Raw);
            return;
        }

        json.BeginText();
        json.TextPiece("data:"u8);
        json.TextPiece(source.Get("media_type"u8).Text);
        json.TextPiece(";base64,"u8);
        json.TextPiece(source.Get("data"u8).Text);
        json.EndText();
    }

    private static void WriteFile(JsonOut json, JsonValue block, JsonValue source)
    {
        json.BeginObject();
        json.Member("type"u8, "\"file\""u8);
        json.Name("file"u8);
        json.BeginObject();
        var title = block.Get("title"u8);
        json.Member("filename"u8, title.IsString ? title.Raw : "\"document.pdf\""u8);
        json.Name("file_data"u8);
        WriteUrl(json, source);
        json.EndObject();
        End(json, block);
    }

    private static void WriteTextDocument(JsonOut json, JsonValue block, JsonValue source)
    {
        var title = block.Get("title"u8);
        json.BeginObject();
        json.Member("type"u8, "\"text\""u8);
        json.Name("text"u8);
        json.RawText(title.Text, title.Text.IsEmpty ? default : "\\n\\n"u8, source.Get("data"u8).Text);
        End(json, block);
    }

    private static void End(JsonOut json, JsonValue block)
    {
        WriteMarker(json, block);
        json.EndObject();
    }
}
