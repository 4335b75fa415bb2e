namespace PromptCache.Core.Pricing;

/// <summary>Reads a price file in either format: the project's own lines, or LiteLLM's object.</summary>
internal static class PriceSource
{
    /// <summary>The largest file that is read: LiteLLM's has 1.4 MB.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    /// <summary>Reads to the end, unless the file is too large.</summary>
    public static byte[]? ReadAll(Stream stream, List<PriceProblem> problems)
    {
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        while ((read = stream.Read(buffer)) > 0)
        {
            if (bytes.Length + read > MaxBytes)
            {
                problems.Add(new("file", $"more than {MaxBytes} bytes"));
                return null;
            }

            bytes.Write(buffer, 0, read);
        }

        return bytes.ToArray();
    }

    /// <param name="file">The whole file.</param>
    /// <param name="liteLlmAsOf">The day to book for a file in LiteLLM's format, which carries none.</param>
    /// <param name="overlay">Laid over LiteLLM's prices, so that its known errors stay corrected; null: the file as it is.</param>
    /// <param name="problems">Everything that is wrong.</param>
    public static PriceTable? Read(ReadOnlyMemory<byte> file, DateOnly liteLlmAsOf, byte[]? overlay, List<PriceProblem> problems)
    {
        if (IsOurs(file.Span))
        {
            return PriceFile.Read(file.Span, problems);
        }

        var table = overlay is not null
            ? PriceBuilder.Build(file, overlay, liteLlmAsOf, problems)
            : new PriceTable(new(PriceHeader.Current, liteLlmAsOf, PriceBuilder.LiteLlmSource), LiteLlmFile.Read(file, problems));
        if (table.Lines.Count == 0)
        {
            problems.Add(new("file", "no model with a price"));
        }

        return table;
    }

    // Our header is the first line, and an object of its own; LiteLLM's object goes on.
    private static bool IsOurs(ReadOnlySpan<byte> file)
    {
        var start = file.TrimStart(" \t\r\n"u8);
        var end = start.IndexOf((byte)'\n');
        var line = end < 0 ? start : start[..end];
        return line.StartsWith("{"u8) && line.IndexOf("\"format\""u8) >= 0 && line.TrimEnd(" \t\r"u8).EndsWith("}"u8);
    }
}
