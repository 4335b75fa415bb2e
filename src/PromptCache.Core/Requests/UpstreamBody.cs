using System.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The changes that the gateway makes to a body on its way to the provider, each for a reason of its own.</summary>
public static class UpstreamBody
{
    /// <summary>Names the model as the provider knows it. Nothing changes when that is what the client wrote.</summary>
    /// <remarks>A name that stands twice is replaced twice, so that no parser can pick another model than the one that is billed.</remarks>
    public static void UseModel(this RequestEditor editor, string model)
    {
        var request = editor.Request;
        if (!JsonEscapes.Spells(request.ValueOf(request.ModelMember)[1..^1], Encoding.UTF8.GetBytes(model)))
        {
            editor.Replace(request.ModelMember, JsonSplice.String(model));
        }
    }

    /// <summary>Takes out the <c>usage</c> options, for providers that do not know them.</summary>
    public static void RemoveUsageOptions(this RequestEditor editor) => RemoveAll(editor, "usage"u8);

    /// <summary>Takes out the <c>provider</c> options, for providers that do not know them.</summary>
    public static void RemoveProviderOptions(this RequestEditor editor) => RemoveAll(editor, "provider"u8);

    /// <summary>Takes out every top-level member of that name.</summary>
    public static void RemoveAll(this RequestEditor editor, ReadOnlySpan<byte> name)
    {
        foreach (var member in MembersNamed(editor.Request, name))
        {
            editor.Remove(member);
        }
    }

    /// <summary>Gives a top-level member the name under which the provider knows it; its value stays. Where both names stand, the value of <paramref name="name"/> holds.</summary>
    /// <param name="editor">The changes to which these are added.</param>
    /// <param name="name">The client's name for it.</param>
    /// <param name="known">The provider's; must need no escaping.</param>
    public static void Rename(this RequestEditor editor, ReadOnlySpan<byte> name, ReadOnlySpan<byte> known)
    {
        var members = MembersNamed(editor.Request, name);
        if (members.Count == 0)
        {
            return;
        }

        // A null says nothing: what stands under the provider's own name stays.
        var last = members[^1];
        var isNull = editor.Request.ValueOf(last).SequenceEqual("null"u8);
        if (!isNull)
        {
            editor.RemoveAll(known);
            editor.Replace(last.Name, [(byte)'"', .. known, (byte)'"']);
        }

        foreach (var member in members)
        {
            if (isNull || member != last)
            {
                editor.Remove(member);
            }
        }
    }

    /// <summary>Calls the <c>developer</c> role <c>system</c>, its name before and at providers that never took the new one.</summary>
    public static void UseSystemRole(this RequestEditor editor)
    {
        var body = editor.Request.Body.Span;
        var messages = new JsonCursor(body, editor.Request.Messages.Value.Start);
        messages.Enter();
        while (messages.NextItem())
        {
            if (messages.Kind != JsonKind.Object)
            {
                messages.Skip();
                continue;
            }

            messages.Enter();
            while (messages.NextMember(out var name))
            {
                var value = messages.Skip();
                if (JsonEscapes.Spells(name.Of(body)[1..^1], "role"u8) && value.Of(body) is [(byte)'"', ..] word && JsonEscapes.Spells(word[1..^1], "developer"u8))
                {
                    editor.Replace(value, "\"system\""u8);
                }
            }
        }
    }

    /// <summary>Sees to it that a stream ends with its usage: <c>stream_options.include_usage</c> is true afterwards.</summary>
    public static void AskForUsage(this RequestEditor editor)
    {
        var options = editor.Request.StreamOptions;
        if (!options.Exists)
        {
            editor.Append("stream_options"u8, """{"include_usage":true}"""u8);
        }
        else if (editor.Request.ValueOf(options) is [(byte)'{', ..])
        {
            JsonSplice.SetMember(editor, options.Value.Start, "include_usage"u8, "true"u8);
        }
        else
        {
            editor.Replace(options, """{"include_usage":true}"""u8);
        }
    }

    /// <summary>Takes cache fields out wherever they may stand (top level, tools, messages, parts, calls), for providers that reject them.</summary>
    /// <param name="editor">The changes to which these are added.</param>
    /// <param name="fields">What is taken out.</param>
    /// <param name="asBreakpoints">Whether a <c>cache_control</c> that is taken out of a part becomes OpenAI's <c>prompt_cache_breakpoint</c> where one may stand. Its lifetime has no counterpart.</param>
    public static void StripCacheFields(this RequestEditor editor, CacheFields fields = CacheFields.All, bool asBreakpoints = false)
        => new CacheFieldStripper(editor, fields, asBreakpoints).Strip();

    /// <summary>Puts a <c>cache_control</c> on the part, tool or call that stands at <paramref name="source"/>.</summary>
    /// <param name="editor">The changes to which this one is added.</param>
    /// <param name="source">An object, which gets the member (a marker that it has is replaced); or a message's string content, which becomes an array of one text part around the string's own bytes.</param>
    /// <param name="cacheControl">The member's value, such as <c>{"type":"ephemeral"}</c>.</param>
    public static void AddCacheControl(this RequestEditor editor, ByteRange source, ReadOnlySpan<byte> cacheControl)
    {
        if (editor.Request.Body.Span[source.Start] == (byte)'"')
        {
            editor.Insert(source.Start, """[{"type":"text","text":"""u8);
            editor.Insert(source.End, [(byte)',', .. JsonSplice.Member("cache_control"u8, cacheControl), (byte)'}', (byte)']']);
        }
        else
        {
            JsonSplice.SetMember(editor, source.Start, "cache_control"u8, cacheControl);
        }
    }

    private static List<JsonMember> MembersNamed(PromptRequest request, ReadOnlySpan<byte> name)
    {
        var found = new List<JsonMember>(1);
        foreach (var member in request.Members)
        {
            if (JsonEscapes.Spells(member.Name.Of(request.Body.Span)[1..^1], name))
            {
                found.Add(member);
            }
        }

        return found;
    }
}
