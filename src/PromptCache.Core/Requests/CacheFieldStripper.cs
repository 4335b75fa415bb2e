using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Takes cache fields out of a body, at the places where a marker may stand and nowhere else: a tool's schema may have a property of that name.</summary>
internal readonly ref struct CacheFieldStripper(RequestEditor editor, CacheFields fields)
{
    private static readonly JsonNames Names = new("cache_control", "prompt_cache_breakpoint", "content", "tool_calls", "function");
    private readonly ReadOnlySpan<byte> _body = editor.Request.Body.Span;

    public void Strip()
    {
        var request = editor.Request;
        foreach (var member in request.Members)
        {
            var name = member.Name.Of(_body)[1..^1];
            if ((fields.HasFlag(CacheFields.CacheControl) && JsonEscapes.Spells(name, "cache_control"u8))
                || (fields.HasFlag(CacheFields.Options) && JsonEscapes.Spells(name, "prompt_cache_options"u8)))
            {
                editor.Remove(member);
            }
        }

        StripItems(request.Messages.Value.Start);
        if (request.Tools.Exists)
        {
            StripItems(request.Tools.Value.Start);
        }
    }

    private void StripItems(int arrayStart)
    {
        var cursor = new JsonCursor(_body, arrayStart);
        if (cursor.Kind != JsonKind.Array)
        {
            return;
        }

        cursor.Enter();
        while (cursor.NextItem())
        {
            StripObject(ref cursor);
        }
    }

    /// <summary>A message, a part, a tool or a call: its own fields, then those of its parts and calls. Depth is bounded by the reader's.</summary>
    private void StripObject(ref JsonCursor cursor)
    {
        if (cursor.Kind != JsonKind.Object)
        {
            cursor.Skip();
            return;
        }

        var removal = new MemberRemoval();
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            var known = Names.IndexOf(name.Of(_body));
            var start = cursor.Position;
            var kind = cursor.Kind;
            var member = new JsonMember(name, cursor.Skip());
            if ((known == 0 && fields.HasFlag(CacheFields.CacheControl)) || (known == 1 && fields.HasFlag(CacheFields.Breakpoint)))
            {
                removal.Remove(member);
                continue;
            }

            editor.Cut(removal.Keep(member));
            if (known >= 2 && kind == JsonKind.Array)
            {
                StripItems(start);
            }
            else if (known == 4 && kind == JsonKind.Object)
            {
                var function = new JsonCursor(_body, start);
                StripObject(ref function);
            }
        }

        editor.Cut(removal.Finish());
    }
}
