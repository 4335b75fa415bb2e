using System.Buffers;

namespace PromptCache.Core.Tokens;

/// <summary>Walks one tool definition level by level. Throws <see cref="System.Text.Json.JsonException"/> on what is no JSON.</summary>
internal readonly struct ToolTokenCounter(ITokenizer tokenizer)
{
    private readonly ArrayBufferWriter<byte> _line = new();

    public int Tool(ReadOnlySpan<byte> json)
    {
        if (!JsonMembers.IsObject(json))
        {
            return CompactText(json);
        }

        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("function"u8) && JsonMembers.IsObject(members.Value))
            {
                return Function(members.Value);
            }
        }

        return Function(json);
    }

    private int Function(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> name = default;
        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> description = default;
        var count = 0;
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("name"u8))
            {
                name = members.Value;
            }
            else if (members.Name.SequenceEqual("description"u8))
            {
                description = members.Value;
            }
            else if (members.Name.SequenceEqual("type"u8))
            {
                type = members.Value;
            }
            else if (members.Name.SequenceEqual("parameters"u8) || members.Name.SequenceEqual("input_schema"u8))
            {
                count += Parameters(members.Name, members.Value);
            }
            else if (!members.Name.SequenceEqual("strict"u8) && !members.Name.SequenceEqual("cache_control"u8))
            {
                count += Uncovered(members.Name, members.Value);
            }
        }

        _line.ResetWrittenCount();
        JsonPlainText.Append(name.IsEmpty ? type : name, _line);   // a provider's built-in tool has only a type
        _line.Write(":"u8);
        AppendDescription(description);
        return count + tokenizer.Count(_line.WrittenSpan);
    }

    private int Parameters(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (!JsonMembers.IsObject(json))
        {
            return Uncovered(name, json);
        }

        var count = 0;
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("properties"u8) && JsonMembers.IsObject(members.Value))
            {
                count += Properties(members.Value);
            }
            else if (!IsFreeInParameters(members.Name))
            {
                count += Uncovered(members.Name, members.Value);
            }
        }

        return count;
    }

    // The cookbook's rule passes over these at the top of a schema.
    private static bool IsFreeInParameters(ReadOnlySpan<byte> name)
        => name.SequenceEqual("type"u8) || name.SequenceEqual("required"u8) || name.SequenceEqual("additionalProperties"u8) || name.SequenceEqual("$schema"u8);

    private int Properties(ReadOnlySpan<byte> json)
    {
        var count = 0;
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            count += count == 0 ? ToolTokenRule.PropertiesInit : 0;
            count += ToolTokenRule.PropertyKey + Property(members.Name, members.Value);
        }

        return count;
    }

    private int Property(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        if (!JsonMembers.IsObject(json))
        {
            return Uncovered(name, json);
        }

        ReadOnlySpan<byte> type = default;
        ReadOnlySpan<byte> description = default;
        var count = 0;
        var members = new JsonMembers(json);
        while (members.MoveNext())
        {
            if (members.Name.SequenceEqual("type"u8))
            {
                type = members.Value;
            }
            else if (members.Name.SequenceEqual("description"u8))
            {
                description = members.Value;
            }
            else if (members.Name.SequenceEqual("enum"u8) && JsonMembers.IsArray(members.Value))
            {
                count += Enum(members.Value);
            }
            else
            {
                count += Uncovered(members.Name, members.Value);   // nested schemas among them: they are not free
            }
        }

        _line.ResetWrittenCount();
        JsonPlainText.AppendInner(name, _line);
        _line.Write(":"u8);
        JsonPlainText.Append(type, _line);
        _line.Write(":"u8);
        AppendDescription(description);
        return count + tokenizer.Count(_line.WrittenSpan);
    }

    private int Enum(ReadOnlySpan<byte> json)
    {
        var count = ToolTokenRule.EnumInit;
        var items = new JsonMembers(json);
        while (items.MoveNext())
        {
            _line.ResetWrittenCount();
            JsonPlainText.Append(items.Value, _line);
            count += ToolTokenRule.EnumItem + tokenizer.Count(_line.WrittenSpan);
        }

        return count;
    }

    private int Uncovered(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        _line.ResetWrittenCount();
        JsonPlainText.AppendInner(name, _line);
        _line.Write(":"u8);
        JsonPlainText.Append(json, _line);
        return tokenizer.Count(_line.WrittenSpan);
    }

    private int CompactText(ReadOnlySpan<byte> json)
    {
        _line.ResetWrittenCount();
        JsonPlainText.AppendCompact(json, _line);
        return tokenizer.Count(_line.WrittenSpan);
    }

    private void AppendDescription(ReadOnlySpan<byte> json)
    {
        if (json is [(byte)'"', .., (byte)'.', (byte)'"'])
        {
            JsonPlainText.AppendInner(json[1..^2], _line);   // the rule drops one full stop at the end
        }
        else
        {
            JsonPlainText.Append(json, _line);
        }
    }
}
