using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The grammar: whether a body is one well-formed JSON object in UTF-8, and where its members stand. What comes later may rely on it.</summary>
internal static class BodyScanner
{
    /// <summary>Objects and arrays inside each other, at most.</summary>
    public const int MaxDepth = 64;

    /// <summary>Members of the top-level object, at most: no API has a tenth of it, and each costs more memory than its bytes.</summary>
    public const int MaxMembers = 1024;

    public static bool TryScan(ReadOnlySpan<byte> body, out ImmutableArray<JsonMember> members, [NotNullWhen(false)] out RequestError? error)
    {
        members = default;
        error = CheckEncoding(body);
        if (error is not null)
        {
            return false;
        }

        // One level more than is accepted, so that the reader never finds the excess before we do.
        var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = MaxDepth + 1 });
        var found = ImmutableArray.CreateBuilder<JsonMember>(16);
        var complete = false;
        try
        {
            error = ReadObject(ref reader, found);
            if (error is not null)
            {
                return false;
            }

            complete = true;
            reader.Read();
        }
        catch (JsonException exception)
        {
            var position = PositionOf(body, exception);
            error = RequestErrors.Malformed(complete ? "unexpected data behind the object" : "unexpected byte or end", position);
            return false;
        }

        members = found.DrainToImmutable();
        return true;
    }

    private static RequestError? ReadObject(ref Utf8JsonReader reader, ImmutableArray<JsonMember>.Builder members)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return new RequestError("The request body must be a JSON object.", null, "invalid_type");
        }

        ByteRange name = default;
        var start = 0;
        while (reader.Read())
        {
            var at = (int)reader.TokenStartIndex;
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray when reader.CurrentDepth >= MaxDepth:
                    return RequestErrors.TooDeep(at);
                case JsonTokenType.EndObject when reader.CurrentDepth == 0:
                    return null;
                case var _ when reader.CurrentDepth > 1:
                    continue;
                case JsonTokenType.PropertyName when members.Count == MaxMembers:
                    return new RequestError($"The request body has more than {MaxMembers} fields.", null, "too_many");
                case JsonTokenType.PropertyName:
                    name = new ByteRange(at, reader.ValueSpan.Length + 2);
                    continue;
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    start = at;
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    members.Add(new JsonMember(name, new ByteRange(start, at + 1 - start)));
                    continue;
                case JsonTokenType.String:
                    members.Add(new JsonMember(name, new ByteRange(at, reader.ValueSpan.Length + 2)));
                    continue;
                default:
                    members.Add(new JsonMember(name, new ByteRange(at, reader.ValueSpan.Length)));
                    continue;
            }
        }

        return null;
    }

    private static RequestError? CheckEncoding(ReadOnlySpan<byte> body)
    {
        if (body.StartsWith("\uFEFF"u8))
        {
            return RequestErrors.Malformed("a byte order mark", 0);
        }

        if (JsonScan.SkipSpace(body, 0) == body.Length)
        {
            return new RequestError("The request body is empty: a JSON object is expected.", null, RequestErrors.InvalidJson);
        }

        return Utf8.IsValid(body) ? null : RequestErrors.Malformed("invalid UTF-8", FirstInvalid(body));
    }

    private static int FirstInvalid(ReadOnlySpan<byte> body)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(body[at..], out _, out var length) == System.Buffers.OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }

    private static long PositionOf(ReadOnlySpan<byte> body, JsonException exception)
    {
        var line = 0;
        for (var lines = exception.LineNumber.GetValueOrDefault(); lines > 0; lines--)
        {
            line += body[line..].IndexOf((byte)'\n') + 1;
        }

        return line + exception.BytePositionInLine.GetValueOrDefault();
    }
}
