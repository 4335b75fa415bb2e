using System.Text.Json;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Reads a chat completion, or one chunk of it, in one pass over its bytes.</summary>
internal static class ChatEnvelopeReader
{
    /// <summary>Reads one JSON object. The generated text goes to <paramref name="text"/>, if anybody needs it.</summary>
    /// <returns>False when the bytes are not one well-formed JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, CompletionText? text, out ChatEnvelope envelope)
    {
        envelope = default;
        var reader = new Utf8JsonReader(json, JsonLimits.Options);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadMember(ref reader, text, ref envelope);
                envelope.MembersEnd = (int)reader.BytesConsumed;
            }

            return !reader.Read();   // throws at anything behind the object
        }
        catch (JsonException)   // the reader's only way to say it
        {
            return false;
        }
    }

    private static void ReadMember(ref Utf8JsonReader reader, CompletionText? text, ref ChatEnvelope envelope)
    {
        var name = reader.ValueSpan;
        if (name.SequenceEqual("choices"u8))
        {
            _ = reader.Read();
            ReadChoices(ref reader, text, ref envelope);
        }
        else if (name.SequenceEqual("usage"u8))
        {
            envelope.UsageValue = Value(ref reader, out var kind);
            envelope.Usage = kind == JsonTokenType.StartObject ? envelope.UsageValue : default;
        }
        else if (name.SequenceEqual("id"u8))
        {
            envelope.Id = Value(ref reader, out _);
        }
        else if (name.SequenceEqual("created"u8))
        {
            envelope.Created = Value(ref reader, out _);
        }
        else if (name.SequenceEqual("model"u8))
        {
            envelope.Model = String(ref reader);
        }
        else if (name.SequenceEqual("service_tier"u8))
        {
            envelope.ServiceTier = String(ref reader);
        }
        else if (name.SequenceEqual("x_groq"u8))
        {
            ReadGroq(ref reader, ref envelope);
        }
        else if (name.SequenceEqual("cost_details"u8))
        {
            envelope.CostDetails = Value(ref reader, out _);
        }
        else if (name.SequenceEqual("cost"u8))
        {
            var cost = Value(ref reader, out var kind);
            envelope.Cost = kind == JsonTokenType.Number ? cost : default;
        }
        else
        {
            var isError = name.SequenceEqual("error"u8);
            _ = Value(ref reader, out var kind);
            envelope.HasError |= isError && kind != JsonTokenType.Null;
        }
    }

    private static void ReadChoices(ref Utf8JsonReader reader, CompletionText? text, ref ChatEnvelope envelope)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return;
        }

        envelope.HasChoices = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            envelope.HasContent = true;
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                ReadChoiceMember(ref reader, text, ref envelope);
            }
        }
    }

    private static void ReadChoiceMember(ref Utf8JsonReader reader, CompletionText? text, ref ChatEnvelope envelope)
    {
        var name = reader.ValueSpan;
        if (text is not null && (name.SequenceEqual("delta"u8) || name.SequenceEqual("message"u8)))
        {
            _ = reader.Read();
            MessageTextReader.Read(ref reader, text);
        }
        else if (name.SequenceEqual("finish_reason"u8))
        {
            var reason = String(ref reader);
            envelope.FinishReason = reason.IsEmpty ? envelope.FinishReason : reason;
        }
        else if (name.SequenceEqual("usage"u8))
        {
            var usage = Value(ref reader, out var kind);
            envelope.ChoiceUsage = kind == JsonTokenType.StartObject ? usage : envelope.ChoiceUsage;
        }
        else
        {
            _ = Value(ref reader, out _);
        }
    }

    private static void ReadGroq(ref Utf8JsonReader reader, ref ChatEnvelope envelope)
    {
        _ = reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isUsage = reader.ValueSpan.SequenceEqual("usage"u8);
            var value = Value(ref reader, out var kind);
            envelope.GroqUsage = isUsage && kind == JsonTokenType.StartObject ? value : envelope.GroqUsage;
        }
    }

    private static ByteRange String(ref Utf8JsonReader reader)
    {
        var value = Value(ref reader, out var kind);
        return kind == JsonTokenType.String ? value : default;
    }

    private static ByteRange Value(ref Utf8JsonReader reader, out JsonTokenType kind)
    {
        _ = reader.Read();
        kind = reader.TokenType;
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new ByteRange(start, (int)reader.BytesConsumed - start);
    }
}
