using System.IO.Compression;
using System.Text;

namespace PromptCache.Tokenizers.Tests.Golden;

/// <summary>Reads what eng/vocabularies/golden.mjs wrote.</summary>
internal static class GoldenFile
{
    private static readonly Lazy<IReadOnlyList<GoldenVector>> Committed = new(() => Parse(Open("vectors.bin")));

    public static IReadOnlyList<GoldenVector> Vectors => Committed.Value;

    /// <summary>A file of hashes: 8 bytes for each group of texts and encoding.</summary>
    public static byte[] Read(string file)
    {
        using var stream = Open(file);
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static IReadOnlyList<GoldenVector> Parse(Stream packed)
    {
        using var unpacker = new BrotliStream(packed, CompressionMode.Decompress);
        using var stream = new BufferedStream(unpacker);
        using var reader = new BinaryReader(stream);
        var vectors = new List<GoldenVector>();
        while (TryReadNumber(reader, out var length))
        {
            var name = Encoding.UTF8.GetString(reader.ReadBytes(length));
            vectors.Add(new(name, reader.ReadBytes(reader.Read7BitEncodedInt()), Ranks(reader), Ranks(reader)));
        }

        return vectors;
    }

    private static int[] Ranks(BinaryReader reader)
    {
        var ranks = new int[reader.Read7BitEncodedInt()];
        for (var i = 0; i < ranks.Length; i++)
        {
            ranks[i] = reader.Read7BitEncodedInt();
        }

        return ranks;
    }

    // A vector's first number is the length of its name, below 128: no first byte means the end of the file.
    private static bool TryReadNumber(BinaryReader reader, out int number)
    {
        var one = new byte[1];
        var found = reader.Read(one, 0, 1) == 1;
        number = one[0];
        return found;
    }

    private static Stream Open(string file)
        => typeof(GoldenFile).Assembly.GetManifestResourceStream(file) ?? throw new InvalidOperationException($"{file} is missing.");
}
