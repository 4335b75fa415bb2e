using System.Text.Encodings.Web;
using System.Text.Json;

namespace PromptCache.Simulator.Text;

/// <summary>A value in its shortest form: key order and numbers as sent, without cache markers, which are not part of a prompt.</summary>
internal static class CompactJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Of(JsonElement element)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            Write(element, writer);
        }

        return buffer.ToArray();
    }

    public static string TextOf(JsonElement element) => System.Text.Encoding.UTF8.GetString(Of(element));

    private static void Write(JsonElement element, Utf8JsonWriter writer)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in element.EnumerateObject().Where(m => m.Name != "cache_control"))
                {
                    writer.WritePropertyName(member.Name);
                    Write(member.Value, writer);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in element.EnumerateArray())
                {
                    Write(item, writer);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(JsonText.Of(element));
                break;
            case JsonValueKind.Undefined:
                break;
            default:
                writer.WriteRawValue(element.GetRawText());
                break;
        }
    }
}
