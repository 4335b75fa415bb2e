using System.Text.Json;

namespace PromptCache.Simulator.Text;

/// <summary>Reading a request that may hold anything.</summary>
internal static class JsonExtensions
{
    /// <summary>A member, or an undefined element when there is none.</summary>
    public static JsonElement Member(this JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value : default;

    public static bool Is(this JsonElement element, JsonValueKind kind) => element.ValueKind == kind;

    public static bool IsMissing(this JsonElement element) => element.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    public static bool IsTrue(this JsonElement element) => element.ValueKind == JsonValueKind.True;

    /// <summary>A member's text; empty when it is missing or no string.</summary>
    public static string Text(this JsonElement element, string name)
        => element.Member(name) is { ValueKind: JsonValueKind.String } text ? JsonText.Of(text) : "";

    /// <summary>A whole number; null when it is missing or something else.</summary>
    public static int? Int(this JsonElement element, string name)
        => element.Member(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    /// <summary>The items of an array; none when it is no array.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element)
        => element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>The members of an object; none when it is no object.</summary>
    public static IEnumerable<JsonProperty> Members(this JsonElement element)
        => element.ValueKind == JsonValueKind.Object ? element.EnumerateObject() : [];
}
