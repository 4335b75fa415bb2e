using System.Buffers;
using System.Text;

namespace PromptCache.Tokenizers.Unicode;

/// <summary>UTF-8 made valid in a pooled buffer: every maximal ill-formed part becomes one U+FFFD, as in the WHATWG decoder and in .NET.</summary>
internal readonly ref struct RepairedText : IDisposable
{
    private readonly byte[] _buffer;
    private readonly int _length;

    private RepairedText(byte[] buffer, int length)
    {
        _buffer = buffer;
        _length = length;
    }

    public ReadOnlySpan<byte> Span => _buffer.AsSpan(0, _length);

    public static RepairedText From(ReadOnlySpan<byte> utf8)
    {
        // At worst every byte becomes the three of U+FFFD.
        var buffer = ArrayPool<byte>.Shared.Rent(checked(utf8.Length * 3));
        var written = 0;
        while (!utf8.IsEmpty)
        {
            _ = Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            written += rune.EncodeToUtf8(buffer.AsSpan(written));
            utf8 = utf8[consumed..];
        }

        return new(buffer, written);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);
}
