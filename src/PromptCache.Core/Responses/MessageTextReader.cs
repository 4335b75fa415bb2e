using System.Text.Json;

namespace PromptCache.Core.Responses;

/// <summary>Collects what the model generated from a <c>delta</c> or <c>message</c>: content, reasoning, refusal and the arguments of calls.</summary>
internal static class MessageTextReader
{
    /// <summary>Reads the value at which the reader stands, and leaves the reader at its end.</summary>
    public static void Read(ref Utf8JsonReader reader, CompletionText text)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        var hasReasoning = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var isReasoning = name.SequenceEqual("reasoning_content"u8) || name.SequenceEqual("reasoning"u8);
            var isContent = name.SequenceEqual("content"u8) || name.SequenceEqual("refusal"u8);
            var isCall = name.SequenceEqual("tool_calls"u8) || name.SequenceEqual("function_call"u8);
            _ = reader.Read();
            if (isReasoning && reader.TokenType == JsonTokenType.String)
            {
                // Some servers send the same reasoning under both names.
                if (!hasReasoning)
                {
                    text.Append(in reader);
                    hasReasoning = reader.ValueSpan.Length > 0;
                }
            }
            else if (isContent && reader.TokenType == JsonTokenType.String)
            {
                text.Append(in reader);
            }
            else if (isContent || isCall)
            {
                Walk(ref reader, isCall ? "arguments"u8 : "text"u8, text);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    /// <summary>Collects every string of that name, however deep.</summary>
    private static void Walk(ref Utf8JsonReader reader, ReadOnlySpan<byte> name, CompletionText text)
    {
        if (reader.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return;
        }

        var depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueSpan.SequenceEqual(name))
            {
                _ = reader.Read();
                if (reader.TokenType == JsonTokenType.String)
                {
                    text.Append(in reader);
                }
            }
        }
    }
}
