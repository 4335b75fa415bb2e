using System.Text.Encodings.Web;
using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Small pieces of JSON for splices into a body.</summary>
internal static class JsonSplice
{
    /// <summary>A member: the quoted name, a colon, the value.</summary>
    public static byte[] Member(ReadOnlySpan<byte> name, ReadOnlySpan<byte> json) => [(byte)'"', .. name, (byte)'"', (byte)':', .. json];

    /// <summary>A string with its quotes; characters beyond ASCII stay as they are.</summary>
    public static ReadOnlySpan<byte> String(string text)
        => (byte[])[(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>Sets a member of an object in the body: replaces the value of the last member of that name, else adds one at the object's end.</summary>
    public static void SetMember(RequestEditor editor, int objectStart, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json)
    {
        var body = editor.Request.Body.Span;
        var cursor = new JsonCursor(body, objectStart);
        var end = cursor.Position + 1;
        var empty = true;
        ByteRange existing = default;
        cursor.Enter();
        while (cursor.NextMember(out var member))
        {
            var value = cursor.Skip();
            (end, empty) = (value.End, false);
            existing = JsonEscapes.Spells(member.Of(body)[1..^1], name) ? value : existing;
        }

        if (existing.IsEmpty)
        {
            editor.Insert(end, empty ? Member(name, json) : [(byte)',', .. Member(name, json)]);
        }
        else if (!existing.Of(body).SequenceEqual(json))
        {
            editor.Replace(existing, json);
        }
    }
}
