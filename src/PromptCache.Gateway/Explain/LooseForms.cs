using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Gateway.Explain;

/// <summary>Keyed digests of the forms of a text. 64 bits suffice: a collision explains wrongly, and bills nothing.</summary>
internal static class LooseForms
{
    /// <summary>The digests of all forms that the text has, the exact one first.</summary>
    /// <param name="scope">A secret of the tenant.</param>
    /// <param name="text">UTF-8.</param>
    public static List<(LooseForm Form, ulong Digest)> Of(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> text)
    {
        var forms = new List<(LooseForm, ulong)> { (LooseForm.Exact, Digest(scope, (byte)LooseForm.Exact, text)) };
        var decoded = Encoding.UTF8.GetString(text);
        if (SortedJson(text) is { } sorted)
        {
            forms.Add((LooseForm.KeyOrder, Digest(scope, (byte)LooseForm.KeyOrder, sorted)));
        }

        var dense = string.Concat(decoded.Where(c => !char.IsWhiteSpace(c)));
        forms.Add((LooseForm.WhiteSpace, Digest(scope, LooseForm.WhiteSpace, dense)));
        forms.Add((LooseForm.Case, Digest(scope, LooseForm.Case, dense.ToLowerInvariant())));
        forms.Add((LooseForm.Volatile, Digest(scope, LooseForm.Volatile, VolatileText.Mask(decoded) ?? decoded)));
        return forms;
    }

    public static ulong Digest(ReadOnlySpan<byte> scope, byte tag, ReadOnlySpan<byte> data)
    {
        // In one call: a hash that is fed in parts is a handle of the system's, and costs more than copying the text.
        using var message = new PooledBytes(data.Length + 1);
        message.Write([tag]);
        message.Write(data);
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(scope, message.Span, digest);
        return BinaryPrimitives.ReadUInt64LittleEndian(digest);
    }

    private static ulong Digest(ReadOnlySpan<byte> scope, LooseForm form, string text) => Digest(scope, (byte)form, Encoding.UTF8.GetBytes(text));

    /// <summary>A JSON object or array with the members of its objects in order; null when it is none.</summary>
    private static byte[]? SortedJson(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty || text[0] is not ((byte)'{' or (byte)'['))
        {
            return null;
        }

        try
        {
            var reader = new Utf8JsonReader(text);
            using var document = JsonDocument.ParseValue(ref reader);
            var output = new ArrayBufferWriter<byte>(text.Length);
            using (var writer = new Utf8JsonWriter(output))
            {
                WriteSorted(document.RootElement, writer);
            }

            return output.WrittenSpan.ToArray();
        }
        catch (JsonException)
        {
            // A text that only begins like JSON has no such form.
            return null;
        }
    }

    private static void WriteSorted(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    WriteSorted(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    WriteSorted(item, writer);
                }

                writer.WriteEndArray();
                break;
            default:
                element.WriteTo(writer);
                break;
        }
    }
}
