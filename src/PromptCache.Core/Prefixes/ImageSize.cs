using System.Buffers.Binary;

namespace PromptCache.Core.Prefixes;

/// <summary>Reads an image's size from the front of its file: PNG, GIF, WebP, JPEG.</summary>
internal static class ImageSize
{
    public static bool TryRead(ReadOnlySpan<byte> file, out int width, out int height)
    {
        (width, height) = (0, 0);
        if (file.Length >= 24 && file[0] == 0x89 && file[1..8].SequenceEqual("PNG\r\n\u001A\n"u8))
        {
            width = BinaryPrimitives.ReadInt32BigEndian(file[16..]);
            height = BinaryPrimitives.ReadInt32BigEndian(file[20..]);
        }
        else if (file.Length >= 10 && (file.StartsWith("GIF87a"u8) || file.StartsWith("GIF89a"u8)))
        {
            width = BinaryPrimitives.ReadUInt16LittleEndian(file[6..]);
            height = BinaryPrimitives.ReadUInt16LittleEndian(file[8..]);
        }
        else if (file.Length >= 30 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WEBP"u8))
        {
            ReadWebP(file, out width, out height);
        }
        else if (file.StartsWith((ReadOnlySpan<byte>)[0xFF, 0xD8]))
        {
            ReadJpeg(file, out width, out height);
        }

        return width > 0 && height > 0;
    }

    private static void ReadWebP(ReadOnlySpan<byte> file, out int width, out int height)
    {
        (width, height) = (0, 0);
        switch (file[15])
        {
            case (byte)' ':
                // Lossy: 14 bits each, behind the frame tag and the start code.
                width = BinaryPrimitives.ReadUInt16LittleEndian(file[26..]) & 0x3FFF;
                height = BinaryPrimitives.ReadUInt16LittleEndian(file[28..]) & 0x3FFF;
                break;
            case (byte)'L':
                // Lossless: 14 bits each, less one, behind the signature byte.
                var bits = BinaryPrimitives.ReadUInt32LittleEndian(file[21..]);
                width = (int)(bits & 0x3FFF) + 1;
                height = (int)((bits >> 14) & 0x3FFF) + 1;
                break;
            case (byte)'X':
                // Extended: 24 bits each, less one.
                width = (file[24] | (file[25] << 8) | (file[26] << 16)) + 1;
                height = (file[27] | (file[28] << 8) | (file[29] << 16)) + 1;
                break;
        }
    }

    private static void ReadJpeg(ReadOnlySpan<byte> file, out int width, out int height)
    {
        (width, height) = (0, 0);
        var at = 2;
        while (at + 9 <= file.Length && file[at] == 0xFF)
        {
            var marker = file[at + 1];
            if (marker == 0xFF)
            {
                at++;
                continue;
            }

            // Start of frame, in any of its kinds; C4, C8 and CC are tables.
            if (marker is >= 0xC0 and <= 0xCF and not (0xC4 or 0xC8 or 0xCC))
            {
                height = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 5)..]);
                width = BinaryPrimitives.ReadUInt16BigEndian(file[(at + 7)..]);
                return;
            }

            at += 2 + BinaryPrimitives.ReadUInt16BigEndian(file[(at + 2)..]);
        }
    }
}
