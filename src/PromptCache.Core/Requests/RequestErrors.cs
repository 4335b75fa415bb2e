using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The refusals, in OpenAI's words and codes. None of them repeats the client's text.</summary>
internal static class RequestErrors
{
    public const string InvalidJson = "invalid_json";

    public static RequestError Malformed(string what, long position)
        => new($"The request body is not valid JSON: {what} at byte {position}.", null, InvalidJson);

    public static RequestError TooDeep(long position)
        => new($"The request body nests deeper than {JsonGrammar.MaxDepth} levels at byte {position}.", null, "too_deep");

    public static RequestError TooMany(string path, string what, int limit)
        => new($"Too many {what}: at most {limit} are accepted.", path, "too_many");

    public static RequestError Missing(string path)
        => new($"Missing required parameter: '{path}'.", path, "missing_required_parameter");

    public static RequestError WrongType(string path, string expected, JsonKind got)
        => new($"Invalid type for '{path}': expected {expected}, but got {NameOf(got)} instead.", path, "invalid_type");

    public static RequestError EmptyString(string path)
        => new($"Invalid '{path}': empty string. Expected a string with minimum length 1, but got an empty string instead.", path, "empty_string");

    public static RequestError EmptyArray(string path)
        => new($"Invalid '{path}': empty array. Expected an array with minimum length 1, but got an empty array instead.", path, "empty_array");

    public static RequestError WrongValue(string path, string supported)
        => new($"Invalid value for '{path}'. Supported values are: {supported}.", path, "invalid_value");

    public static RequestError Repeated(string path)
        => new($"'{path}' stands more than once. Parsers differ in which one counts: send it once.", path, "repeated_parameter");

    public static RequestError Misspelt(string path)
        => new($"A field is spelt like '{path}' but for upper and lower case. Some providers take it for '{path}', others do not: spell it '{path}'.", path, "misspelt_parameter");

    public static RequestError MarkerNotAllowed(string path, string reason)
        => new($"Invalid '{path}': {reason}", path, "cache_control_not_allowed");

    private static string NameOf(JsonKind kind) => kind switch
    {
        JsonKind.Object => "an object",
        JsonKind.Array => "an array",
        JsonKind.String => "a string",
        JsonKind.Number => "a number",
        JsonKind.Null => "null",
        _ => "a boolean",
    };
}
