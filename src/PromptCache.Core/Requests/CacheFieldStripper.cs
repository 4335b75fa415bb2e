using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>Takes cache fields out of a body, at the places where a marker may stand and nowhere else: a tool's schema may have a property of that name.</summary>
internal readonly ref struct CacheFieldStripper(RequestEditor editor, CacheFields fields, bool asBreakpoints)
{
    private static readonly JsonNames Names = new("cache_control", "prompt_cache_breakpoint", "content", "tool_calls", "function", "reasoning_content", "reasoning_details", "reasoning");

    // The parts of a chat completion on which OpenAI takes a breakpoint; anywhere else it is a 400.
    private static readonly JsonNames BreakpointTypes = new("text", "image_url", "input_audio", "file", "refusal");
    private static readonly JsonNames TypeNames = new("type", "prompt_cache_breakpoint");

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

        StripItems(request.Messages.Value.Start, areMessages: true);
        if (request.Tools.Exists)
        {
            var control = fields.HasFlag(CacheFields.ToolControl) ? CacheFields.CacheControl : CacheFields.None;
            new CacheFieldStripper(editor, fields | control, asBreakpoints: false).StripItems(request.Tools.Value.Start);
        }
    }

    private void StripItems(int arrayStart, bool areMessages = false, bool areParts = false)
    {
        var cursor = new JsonCursor(_body, arrayStart);
        if (cursor.Kind != JsonKind.Array)
        {
            return;
        }

        cursor.Enter();
        while (cursor.NextItem())
        {
            StripObject(ref cursor, areMessages, areParts);
        }
    }

    /// <summary>A message, a part, a tool or a call: its own fields, then those of its parts and calls. Depth is bounded by the reader's.</summary>
    private void StripObject(ref JsonCursor cursor, bool isMessage = false, bool isPart = false)
    {
        if (cursor.Kind != JsonKind.Object)
        {
            cursor.Skip();
            return;
        }

        var becomesBreakpoint = isPart && asBreakpoints && TakesBreakpoint(cursor.Position);
        var removal = new MemberRemoval();
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            var known = Names.IndexOf(name.Of(_body));
            var start = cursor.Position;
            var kind = cursor.Kind;
            var member = new JsonMember(name, cursor.Skip());
            if (known == 0 && kind == JsonKind.Object && becomesBreakpoint && fields.HasFlag(CacheFields.CacheControl))
            {
                editor.Cut(removal.Keep(member));
                editor.Replace(new ByteRange(name.Start, member.Value.End - name.Start), JsonSplice.Member("prompt_cache_breakpoint"u8, """{"mode":"explicit"}"""u8));
                becomesBreakpoint = false;
                continue;
            }

            if ((known == 0 && fields.HasFlag(CacheFields.CacheControl))
                || (known == 1 && fields.HasFlag(CacheFields.Breakpoint))
                || (known >= 5 && isMessage && fields.HasFlag(CacheFields.Reasoning)))
            {
                removal.Remove(member);
                continue;
            }

            editor.Cut(removal.Keep(member));
            if (known is 2 or 3 or 4 && kind == JsonKind.Array)
            {
                StripItems(start, areParts: isMessage && known == 2);
            }
            else if (known == 4 && kind == JsonKind.Object)
            {
                var function = new JsonCursor(_body, start);
                StripObject(ref function);
            }
        }

        editor.Cut(removal.Finish());
    }

    /// <summary>Whether the part at that place may carry a breakpoint, and has none.</summary>
    private bool TakesBreakpoint(int start)
    {
        var (isKnownType, isFree) = (false, true);
        var cursor = new JsonCursor(_body, start);
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            var known = TypeNames.IndexOf(name.Of(_body));
            var kind = cursor.Kind;
            var value = cursor.Skip();
            isKnownType |= known == 0 && kind == JsonKind.String && BreakpointTypes.IndexOf(value.Of(_body)) >= 0;
            isFree &= known != 1;
        }

        return isKnownType && isFree;
    }
}
