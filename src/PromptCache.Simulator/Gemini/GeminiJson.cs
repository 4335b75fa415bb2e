using System.Text;
using System.Text.Json;
using PromptCache.Simulator.Text;

namespace PromptCache.Simulator.Gemini;

/// <summary>Google's JSON: every field has two names, <c>camelCase</c> and <c>snake_case</c>, and both are taken.</summary>
internal static class GeminiJson
{
    public static JsonElement Field(this JsonElement element, string camelName)
        => element.Member(camelName) is { ValueKind: not JsonValueKind.Undefined } found ? found : element.Member(Snake(camelName));

    public static string FieldText(this JsonElement element, string camelName)
        => element.Field(camelName) is { ValueKind: JsonValueKind.String } text ? JsonText.Of(text) : "";

    public static int? FieldInt(this JsonElement element, string camelName)
        => element.Field(camelName) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var value) ? value : null;

    public static string Snake(string camel)
    {
        var snake = new StringBuilder(camel.Length + 4);
        foreach (var letter in camel)
        {
            _ = char.IsAsciiLetterUpper(letter) ? snake.Append('_').Append(char.ToLowerInvariant(letter)) : snake.Append(letter);
        }

        return snake.ToString();
    }
}
