using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>What parts that are not text count for.</summary>
internal static class MediaRule
{
    /// <summary>One page: "each page typically uses 1,500-3,000 tokens" (Anthropic, PDF support). How many pages there are is not known here.</summary>
    public const int FileTokens = 1500;

    private static readonly JsonNames ImageNames = new("url", "detail", "data");
    private static readonly JsonNames SourceNames = new("type", "data", "url");
    private static readonly JsonNames AudioNames = new("data", "format");

    public static SegmentKind KindOf(PartType type) => type switch
    {
        PartType.ImageUrl or PartType.Image => SegmentKind.Image,
        PartType.InputAudio => SegmentKind.Audio,
        PartType.File or PartType.Document => SegmentKind.File,
        _ => SegmentKind.Other,
    };

    /// <summary>Whether a part without embedded files is text for the model: a document given as text or blocks, or a part of an unknown type.</summary>
    public static bool IsText(ReadOnlySpan<byte> body, SegmentKind kind, in ObjectFields fields)
    {
        if (kind != SegmentKind.File)
        {
            return kind == SegmentKind.Other;
        }

        var source = fields[(int)PartField.Source];
        if (source.IsEmpty || JsonScan.KindAt(body, source.Start) != JsonKind.Object)
        {
            return false;
        }

        var type = ObjectFields.Scan(body, source, SourceNames)[0];
        return !type.IsEmpty && (MarkerReader.Is(body, type, "text"u8) || MarkerReader.Is(body, type, "content"u8));
    }

    /// <summary>The tokens of a part that is not text; 0 where no rule is known.</summary>
    public static int TokensOf(ReadOnlySpan<byte> body, SegmentKind kind, in ObjectFields fields) => kind switch
    {
        SegmentKind.Image => ImageTokensOf(body, fields),
        SegmentKind.Audio => AudioTokensOf(body, fields[(int)PartField.InputAudio]),
        SegmentKind.File => FileTokens,
        _ => 0,
    };

    private static int ImageTokensOf(ReadOnlySpan<byte> body, in ObjectFields fields)
    {
        var image = fields[(int)PartField.ImageUrl].IsEmpty ? fields[(int)PartField.Source] : fields[(int)PartField.ImageUrl];
        if (image.IsEmpty)
        {
            return ImageTokens.Default;
        }

        if (JsonScan.KindAt(body, image.Start) == JsonKind.String)
        {
            return ImageTokens.OfUrl(JsonScan.Unquote(body, image));
        }

        if (JsonScan.KindAt(body, image.Start) != JsonKind.Object)
        {
            return ImageTokens.Default;
        }

        var parts = ObjectFields.Scan(body, image, ImageNames);
        if (!parts[1].IsEmpty && MarkerReader.Is(body, parts[1], "low"u8))
        {
            return ImageTokens.Low;
        }

        return IsString(body, parts[0]) ? ImageTokens.OfUrl(JsonScan.Unquote(body, parts[0]))
            : IsString(body, parts[2]) ? ImageTokens.OfBase64(JsonScan.Unquote(body, parts[2]))
            : ImageTokens.Default;
    }

    private static int AudioTokensOf(ReadOnlySpan<byte> body, ByteRange audio)
    {
        if (audio.IsEmpty || JsonScan.KindAt(body, audio.Start) != JsonKind.Object)
        {
            return 0;
        }

        var parts = ObjectFields.Scan(body, audio, AudioNames);
        return IsString(body, parts[0])
            ? AudioTokens.OfBase64(parts[0].Length - 2, isWave: !parts[1].IsEmpty && MarkerReader.Is(body, parts[1], "wav"u8))
            : 0;
    }

    private static bool IsString(ReadOnlySpan<byte> body, ByteRange value) => !value.IsEmpty && body[value.Start] == (byte)'"';
}
