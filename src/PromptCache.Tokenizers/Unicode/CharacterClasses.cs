using System.Runtime.CompilerServices;

namespace PromptCache.Tokenizers.Unicode;

/// <summary>
/// The class of every character, as the regex engine inside tiktoken sees it. The runtime's own tables are of another
/// Unicode version, and a newly assigned letter would be cut differently.
/// </summary>
internal static class CharacterClasses
{
    private const int PageBits = 8;
    private const int PageSize = 1 << PageBits;
    private const int CodePoints = 0x110000;

    // Two stages: the page of a code point, then its place in the page. Equal pages are stored once.
    private static readonly ushort[] PageStarts = new ushort[CodePoints >> PageBits];
    private static readonly byte[] Pages = ReadPages();

    /// <summary>The class of the character at <paramref name="position"/> of valid UTF-8, and its length in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<byte> text, int position, out int length)
    {
        int first = text[position];
        if (first < 0x80)
        {
            length = 1;
            return Pages[first];   // the page of ASCII is the first one
        }

        return Beyond(text, position, first, out length);
    }

    /// <summary>The class of a code point.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Of(int codePoint) => Pages[(PageStarts[codePoint >> PageBits] << PageBits) + (codePoint & (PageSize - 1))];

    /// <summary>The first position at or after <paramref name="position"/> whose character is not in <paramref name="set"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Skip(ReadOnlySpan<byte> text, int position, int set)
    {
        while ((uint)position < (uint)text.Length && CharacterClass.IsIn(At(text, position, out var length), set))
        {
            position += length;
        }

        return position;
    }

    private static int Beyond(ReadOnlySpan<byte> text, int position, int first, out int length)
    {
        if (first < 0xE0)
        {
            length = 2;
            return Of(((first & 0x1F) << 6) | (text[position + 1] & 0x3F));
        }

        var middle = ((text[position + 1] & 0x3F) << 6) | (text[position + 2] & 0x3F);
        if (first < 0xF0)
        {
            length = 3;
            return Of(((first & 0x0F) << 12) | middle);
        }

        length = 4;
        return Of(((first & 0x07) << 18) | (middle << 6) | (text[position + 3] & 0x3F));
    }

    private static byte[] ReadPages()
    {
        var runs = EmbeddedData.Read("character-classes.bin");
        var all = new byte[CodePoints];
        var filled = 0;
        for (var next = 0; next < runs.Length;)
        {
            var run = 0;
            var shift = 0;
            do
            {
                run |= (runs[next] & 0x7F) << shift;
                shift += 7;
            }
            while (runs[next++] > 0x7F);

            all.AsSpan(filled, run >> 3).Fill((byte)(run & 7));
            filled += run >> 3;
        }

        return Fold(all);
    }

    private static byte[] Fold(byte[] all)
    {
        var pages = new List<byte[]>();
        for (var page = 0; page < PageStarts.Length; page++)
        {
            var classes = all.AsSpan(page << PageBits, PageSize);
            var known = 0;
            while (known < pages.Count && !classes.SequenceEqual(pages[known]))
            {
                known++;
            }

            if (known == pages.Count)
            {
                pages.Add(classes.ToArray());
            }

            PageStarts[page] = (ushort)known;
        }

        return [.. pages.SelectMany(page => page)];
    }
}
