using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary><c>response_format</c> and the effort. A schema becomes <c>output_config.format</c>; where there is no such thing, an instruction behind the system prompt.</summary>
internal static class AnthropicOutputConfig
{
    /// <summary>The instruction that stands in for a format: for <c>json_object</c>, which has no schema to enforce, and for models without structured outputs.</summary>
    public static RequestError? WriteInstruction(JsonValue format, AnthropicModel model, PooledBytes output)
    {
        if (format.IsNothing)
        {
            return null;
        }

        var type = format.Get("type"u8);
        if (type.Is("json_object"u8))
        {
            output.Write("Answer with one JSON object and nothing else: no prose, no code fence."u8);
            return null;
        }

        if (type.Is("text"u8))
        {
            return null;
        }

        var schema = format.Get("json_schema"u8).Get("schema"u8);
        if (!type.Is("json_schema"u8) || !schema.IsObject)
        {
            return new("'response_format' must be text, json_object, or json_schema with a schema.", "response_format", "invalid_response_format");
        }

        if (!model.Schemas)
        {
            output.Write("Answer with one JSON value that satisfies this JSON schema and with nothing else: no prose, no code fence.\n"u8);
            output.Write(schema.Raw);
        }

        return null;
    }

    /// <summary>Writes the <c>output_config</c> member: what the client sent under that name, with what it said in OpenAI's words added.</summary>
    public static void Write(JsonOut json, JsonValue native, JsonValue format, AnthropicThinking thinking, AnthropicModel model)
    {
        var schema = model.Schemas && format.Get("type"u8).Is("json_schema"u8) ? format.Get("json_schema"u8).Get("schema"u8) : default;
        var effort = native.Get("effort"u8).Exists ? null : thinking.Effort;
        if (!native.IsObject && effort is null && !schema.Exists)
        {
            return;
        }

        json.Name("output_config"u8);
        json.BeginObject();
        var members = native.Members();
        while (members.MoveNext())
        {
            json.RawName(members.RawName);
            json.Raw(members.Value.Raw);
        }

        if (effort is not null)
        {
            json.Name("effort"u8);
            json.Text(effort);
        }

        if (schema.Exists && !native.Get("format"u8).Exists)
        {
            json.Name("format"u8);
            json.BeginObject();
            json.Member("type"u8, "\"json_schema\""u8);
            json.Member("schema"u8, schema.Raw);
            json.EndObject();
        }

        json.EndObject();
    }
}
