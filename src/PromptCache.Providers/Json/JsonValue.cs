using System.Text.Json;

namespace PromptCache.Providers.Json;

/// <summary>One raw JSON value as a span: looked into in place, copied verbatim, never turned into objects.</summary>
/// <remarks>Whatever comes from outside enters through <see cref="TryParse"/>, which reads it to its end once; what is found inside it is then known to be well-formed.</remarks>
internal readonly ref struct JsonValue
{
    internal static readonly JsonReaderOptions Options = new() { MaxDepth = 512 };

    internal JsonValue(ReadOnlySpan<byte> raw) => Raw = raw;

    /// <summary>The value as it stands, quotes and brackets included; empty: there is none.</summary>
    public ReadOnlySpan<byte> Raw { get; }

    public bool Exists => !Raw.IsEmpty;

    public bool IsObject => Raw is [(byte)'{', ..];

    public bool IsArray => Raw is [(byte)'[', ..];

    public bool IsString => Raw is [(byte)'"', ..];

    public bool IsNumber => Raw is [(byte)'-' or (>= (byte)'0' and <= (byte)'9'), ..];

    public bool IsTrue => Raw is [(byte)'t', ..];

    public bool IsFalse => Raw is [(byte)'f', ..];

    /// <summary>Absent or null.</summary>
    public bool IsNothing => Raw is [] or [(byte)'n', ..];

    /// <summary>The inside of a string, its escapes as they stand; empty when it is no string.</summary>
    public ReadOnlySpan<byte> Text => IsString ? Raw[1..^1] : default;

    /// <summary>Takes the bytes as one JSON value, with white space around it, if they are one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, out JsonValue value)
    {
        value = default;
        try
        {
            var reader = new Utf8JsonReader(json, Options);
            if (!reader.Read())
            {
                return false;
            }

            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            var end = (int)reader.BytesConsumed;
            if (reader.Read())
            {
                return false;
            }

            value = new(json[start..end]);
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    /// <summary>Finds a member of an object; of two with one name the last.</summary>
    public JsonValue Get(ReadOnlySpan<byte> name)
    {
        JsonValue found = default;
        var members = Members();
        while (members.MoveNext())
        {
            if (members.NameIs(name))
            {
                found = members.Value;
            }
        }

        return found;
    }

    /// <summary>The members of an object in their order; none for anything else.</summary>
    public JsonMembers Members() => new(this);

    /// <summary>The elements of an array in their order; none for anything else.</summary>
    public JsonItems Items() => new(this);

    /// <summary>Whether this is the string with that text; escapes are understood.</summary>
    public bool Is(ReadOnlySpan<byte> text)
    {
        if (!IsString)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw, Options);
        return reader.Read() && reader.ValueTextEquals(text);
    }

    /// <summary>The value as a whole number.</summary>
    public bool TryGetInt64(out long number)
    {
        number = 0;
        if (!IsNumber)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw, Options);
        return reader.Read() && reader.TryGetInt64(out number);
    }

    /// <summary>The value as a number.</summary>
    public bool TryGetDouble(out double number)
    {
        number = 0;
        if (!IsNumber)
        {
            return false;
        }

        var reader = new Utf8JsonReader(Raw, Options);
        return reader.Read() && reader.TryGetDouble(out number);
    }

    /// <summary>Whether a string has nothing to read: empty, or nothing but white space.</summary>
    public bool IsBlankText()
    {
        var text = Text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == (byte)' ')
            {
                continue;
            }

            if (text[i] == (byte)'\\' && text[i + 1] is (byte)'n' or (byte)'r' or (byte)'t')
            {
                i++;
                continue;
            }

            return false;
        }

        return true;
    }
}
