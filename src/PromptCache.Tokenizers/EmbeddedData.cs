using System.IO.Compression;

namespace PromptCache.Tokenizers;

/// <summary>Opens the data files that eng/vocabularies made.</summary>
internal static class EmbeddedData
{
    /// <summary>The unpacked bytes of one file.</summary>
    /// <exception cref="InvalidOperationException">The build left the file out.</exception>
    public static byte[] Read(string file)
    {
        using var packed = typeof(EmbeddedData).Assembly.GetManifestResourceStream(file)
            ?? throw new InvalidOperationException($"The resource {file} is missing from the assembly.");
        using var unpacker = new BrotliStream(packed, CompressionMode.Decompress);
        using var bytes = new MemoryStream((int)packed.Length * 3);
        unpacker.CopyTo(bytes);
        return bytes.ToArray();
    }
}
