using System.Text;
using PromptCache.Core.Requests;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Tool definitions. Schemas are copied byte for byte into <c>parametersJsonSchema</c>, which takes JSON Schema as it is; <c>parameters</c> takes a part of OpenAPI's only.</summary>
internal static class GeminiTools
{
    // Google's own tools, in both spellings in which its clients write them.
    private static readonly (byte[] Snake, byte[] Camel)[] Native =
    [
        .. new[] { ("google_search", "googleSearch"), ("code_execution", "codeExecution"), ("url_context", "urlContext"), ("google_maps", "googleMaps") }
            .Select(n => (Encoding.ASCII.GetBytes(n.Item1), Encoding.ASCII.GetBytes(n.Item2))),
    ];

    /// <summary>Writes the <c>tools</c> member.</summary>
    public static RequestError? Write(JsonOut json, JsonValue tools)
    {
        if (tools.IsNothing)
        {
            return null;
        }

        if (!tools.IsArray)
        {
            return new("'tools' must be an array.", "tools", "invalid_type");
        }

        var (opened, declaring) = (false, false);
        var items = tools.Items();
        while (items.MoveNext())
        {
            var path = $"tools[{items.Index}]";
            var isFunction = items.Value.Get("function"u8).IsObject;
            if (!opened)
            {
                json.Name("tools"u8);
                json.BeginArray();
                opened = true;
            }

            if (declaring && !isFunction)
            {
                EndDeclarations(json);
                declaring = false;
            }

            if (isFunction && !declaring)
            {
                json.BeginObject();
                json.Name("functionDeclarations"u8);
                json.BeginArray();
                declaring = true;
            }

            if ((isFunction ? WriteFunction(json, items.Value.Get("function"u8), path) : WriteNative(json, items.Value, path)) is { } error)
            {
                return error;
            }
        }

        if (declaring)
        {
            EndDeclarations(json);
        }

        if (opened)
        {
            json.EndArray();
        }

        return null;
    }

    private static void EndDeclarations(JsonOut json)
    {
        json.EndArray();
        json.EndObject();
    }

    private static RequestError? WriteFunction(JsonOut json, JsonValue function, string path)
    {
        var name = function.Get("name"u8);
        if (!name.IsString)
        {
            return new($"'{path}.function.name' must be a string.", path + ".function.name", "invalid_type");
        }

        json.BeginObject();
        json.Member("name"u8, name.Raw);
        var description = function.Get("description"u8);
        if (description.IsString)
        {
            json.Member("description"u8, description.Raw);
        }

        // A function without parameters has no schema: an empty object is refused.
        var schema = function.Get("parameters"u8);
        if (schema.Members().MoveNext())
        {
            json.Member("parametersJsonSchema"u8, schema.Raw);
        }

        json.EndObject();
        return null;
    }

    private static RequestError? WriteNative(JsonOut json, JsonValue tool, string path)
    {
        foreach (var (snake, camel) in Native)
        {
            var value = tool.Get(snake).Exists ? tool.Get(snake) : tool.Get(camel);
            if (value.IsObject)
            {
                json.BeginObject();
                json.Member(camel, value.Raw);
                json.EndObject();
                return null;
            }
        }

        return tool.Get("type"u8).Is("function"u8)
            ? new($"'{path}.function' must be an object.", path + ".function", "invalid_type")
            : new($"'{path}': Gemini has no such tool.", path, "unsupported_tool");
    }
}
