using System.Text.Json;

namespace PromptCache.Simulator.Tests;

internal static class JsonReading
{
    /// <summary>The value at a path of names and indexes; an undefined element where there is none.</summary>
    public static JsonElement At(this JsonElement element, params object[] path)
    {
        foreach (var step in path)
        {
            element = step switch
            {
                string name when element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var member) => member,
                int index when element.ValueKind == JsonValueKind.Array && index < element.GetArrayLength() => element[index],
                _ => default,
            };
        }

        return element;
    }

    public static int Int(this JsonElement element, params object[] path) => element.At(path).GetInt32();

    public static string Text(this JsonElement element, params object[] path) => element.At(path).GetString()!;

    public static int Cached(this JsonElement reply) => reply.Int("usage", "prompt_tokens_details", "cached_tokens");

    public static JsonElement Parse(this string json) => JsonDocument.Parse(json).RootElement;
}
