using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Unicode;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The grammar: whether a body is one well-formed JSON object in UTF-8, and where its members stand. What comes later may rely on it.</summary>
internal static class BodyScanner
{
    /// <summary>Members of the top-level object, at most: no API has a tenth of it, and each costs more memory than its bytes.</summary>
    public const int MaxMembers = 1024;

    public static bool TryScan(ReadOnlySpan<byte> body, out ImmutableArray<JsonMember> members, [NotNullWhen(false)] out RequestError? error)
    {
        var found = ImmutableArray.CreateBuilder<JsonMember>(16);
        error = CheckEncoding(body) ?? Scan(body, found);
        members = error is null ? found.DrainToImmutable() : [];
        return error is null;
    }

    private static RequestError? Scan(ReadOnlySpan<byte> body, ImmutableArray<JsonMember>.Builder members)
    {
        var grammar = new JsonGrammar(body, 0);
        if (!grammar.TryTake((byte)'{'))
        {
            var wrong = grammar.TryValue(depth: 0, out _);
            return wrong == JsonFault.None && grammar.AtEnd()
                ? new RequestError("The request body must be a JSON object.", null, "invalid_type")
                : Refuse(body, grammar.Position, wrong);
        }

        var last = grammar.TryTake((byte)'}');
        while (!last)
        {
            if (members.Count == MaxMembers)
            {
                return new RequestError($"The request body has more than {MaxMembers} fields.", null, "too_many");
            }

            if (!grammar.TryString(out var name) || !grammar.TryTake((byte)':'))
            {
                return Refuse(body, grammar.Position, JsonFault.Malformed);
            }

            var fault = grammar.TryValue(depth: 1, out var value);
            if (fault != JsonFault.None)
            {
                return Refuse(body, grammar.Position, fault);
            }

            members.Add(new JsonMember(name, value));
            last = !grammar.TryTake((byte)',');
            if (last && !grammar.TryTake((byte)'}'))
            {
                return Refuse(body, grammar.Position, JsonFault.Malformed);
            }
        }

        return grammar.AtEnd() ? null : RequestErrors.Malformed("unexpected data behind the object", grammar.Position);
    }

    private static RequestError Refuse(ReadOnlySpan<byte> body, int position, JsonFault fault)
        => fault == JsonFault.TooDeep
            ? RequestErrors.TooDeep(position)
            : RequestErrors.Malformed(position == body.Length ? "unexpected end" : "unexpected content", position);

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
        while (Rune.DecodeFromUtf8(body[at..], out _, out var length) == OperationStatus.Done)
        {
            at += length;
        }

        return at;
    }
}
