using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PromptCache.Core.Pricing;

/// <summary>The project's own price format: JSON lines, a header and then one entry each, USD per million tokens.</summary>
internal static class PriceFile
{
    /// <summary>Reads a whole file and reports everything that is wrong with it.</summary>
    /// <returns>Null when there is no header to trust.</returns>
    public static PriceTable? Read(ReadOnlySpan<byte> file, List<PriceProblem> problems)
    {
        PriceHeader? header = null;
        var lines = new List<PriceLine>();
        var number = 0;
        foreach (var range in file.Split((byte)'\n'))
        {
            number++;
            var line = file[range].Trim(" \t\r"u8);
            if (line.IsEmpty)
            {
                continue;
            }

            if (header is null)
            {
                header = ReadLine(line, PriceJson.Default.PriceHeader, number, problems);
                if (header is null || header.Format != PriceHeader.Current || header.AsOf == default || header.Source is null)
                {
                    problems.Add(new($"line {number}", $"the first line must be a header of format {PriceHeader.Current} with asOf and source"));
                    return null;
                }
            }
            else if (ReadLine(line, PriceJson.Default.PriceLine, number, problems) is { } entry)
            {
                lines.Add(entry);
            }
        }

        return header is null ? null : new(header, lines);
    }

    /// <summary>Writes a file; the same table gives the same bytes.</summary>
    public static void Write(PriceTable table, IBufferWriter<byte> output)
    {
        output.Write(JsonSerializer.SerializeToUtf8Bytes(table.Header, PriceJson.Default.PriceHeader));
        output.Write("\n"u8);
        foreach (var line in table.Lines.OrderBy(l => l.Provider, StringComparer.Ordinal).ThenBy(l => l.Model, StringComparer.Ordinal))
        {
            output.Write(JsonSerializer.SerializeToUtf8Bytes(line, PriceJson.Default.PriceLine));
            output.Write("\n"u8);
        }
    }

    /// <summary>Reads one line; a JSON error becomes a problem of that line.</summary>
    public static T? ReadLine<T>(ReadOnlySpan<byte> line, JsonTypeInfo<T> type, int number, List<PriceProblem> problems)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException exception)
        {
            problems.Add(new($"line {number}", $"{exception.Path}: {exception.Message}"));
            return null;
        }
    }
}
