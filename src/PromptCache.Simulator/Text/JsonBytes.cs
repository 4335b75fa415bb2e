using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PromptCache.Simulator.Text;

/// <summary>JSON as the providers write it: compact, and without escapes that are not needed.</summary>
internal static class JsonBytes
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Of(JsonNode node) => JsonSerializer.SerializeToUtf8Bytes(node, Options);

    public static string TextOf(JsonNode node) => node.ToJsonString(Options);
}
