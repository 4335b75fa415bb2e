using System.Buffers.Binary;

namespace PromptCache.Tokenizers.Vocabularies;

/// <summary>The tokens of one encoding: rank to bytes.</summary>
internal sealed class Vocabulary
{
    private readonly byte[] _bytes;
    private readonly int[] _starts;

    private Vocabulary(byte[] bytes, int[] starts)
    {
        _bytes = bytes;
        _starts = starts;
    }

    public int Count => _starts.Length - 1;

    /// <summary>The bytes of a token.</summary>
    public ReadOnlySpan<byte> this[int rank] => _bytes.AsSpan(_starts[rank].._starts[rank + 1]);

    /// <summary>Reads an embedded vocabulary: the number of tokens, their lengths, their bytes.</summary>
    public static Vocabulary Read(string file)
    {
        var bytes = EmbeddedData.Read(file);
        var count = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        var starts = new int[count + 1];
        starts[0] = sizeof(int) + count;
        for (var rank = 0; rank < count; rank++)
        {
            starts[rank + 1] = starts[rank] + bytes[sizeof(int) + rank];
        }

        return new(bytes, starts);
    }
}
