using System.Text.Json;
using System.Text.Json.Nodes;

namespace PromptCache.Simulator.Text;

/// <summary>The plainest arguments that satisfy a tool's JSON schema: its required properties, each with a fixed value.</summary>
internal static class SchemaSample
{
    public static JsonObject Arguments(JsonElement schema)
    {
        var arguments = new JsonObject();
        if (schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Where(n => n.ValueKind == JsonValueKind.String).Select(n => n.GetString()!))
            {
                arguments[name] = schema.TryGetProperty("properties", out var properties) && properties.TryGetProperty(name, out var property) ? Value(property) : "value";
            }
        }

        return arguments;
    }

    private static JsonNode? Value(JsonElement property)
    {
        if (property.ValueKind != JsonValueKind.Object)
        {
            return "value";
        }

        if (property.TryGetProperty("enum", out var choices) && choices.ValueKind == JsonValueKind.Array && choices.GetArrayLength() > 0)
        {
            return JsonNode.Parse(choices[0].GetRawText());
        }

        var type = property.TryGetProperty("type", out var t) && t.ValueKind == JsonValueKind.String ? t.GetString()!.ToUpperInvariant() : "STRING";
        return type switch
        {
            "OBJECT" => Arguments(property),
            "ARRAY" => new JsonArray(),
            "INTEGER" or "NUMBER" => 1,
            "BOOLEAN" => true,
            "NULL" => null,
            _ => "value",
        };
    }
}
