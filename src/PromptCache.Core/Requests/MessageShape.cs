using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The least that <c>messages</c> and <c>tools</c> must look like for the gateway to read them. The rest is the provider's to judge.</summary>
internal static class MessageShape
{
    private static readonly JsonNames MessageNames = new("role", "content");
    private static readonly JsonNames PartNames = new("type");

    public static RequestError? CheckMessages(ReadOnlySpan<byte> body, JsonMember messages)
    {
        if (!messages.Exists)
        {
            return RequestErrors.Missing("messages");
        }

        var cursor = new JsonCursor(body, messages.Value.Start);
        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType("messages", "an array of objects", cursor.Kind);
        }

        cursor.Enter();
        var index = 0;
        for (; cursor.NextItem(); index++)
        {
            if (CheckMessage(body, ref cursor, index) is { } error)
            {
                return error;
            }
        }

        return index == 0 ? RequestErrors.EmptyArray("messages") : null;
    }

    public static RequestError? CheckTools(ReadOnlySpan<byte> body, JsonMember tools)
    {
        if (!tools.Exists)
        {
            return null;
        }

        var cursor = new JsonCursor(body, tools.Value.Start);
        if (cursor.Kind == JsonKind.Null)
        {
            return null;
        }

        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType("tools", "an array of objects", cursor.Kind);
        }

        cursor.Enter();
        for (var index = 0; cursor.NextItem(); index++)
        {
            if (cursor.Kind != JsonKind.Object)
            {
                return RequestErrors.WrongType($"tools[{index}]", "an object", cursor.Kind);
            }

            cursor.Skip();
        }

        return null;
    }

    private static RequestError? CheckMessage(ReadOnlySpan<byte> body, ref JsonCursor cursor, int index)
    {
        if (cursor.Kind != JsonKind.Object)
        {
            return RequestErrors.WrongType($"messages[{index}]", "an object", cursor.Kind);
        }

        // The last of a name that stands twice counts, for its errors too.
        JsonKind? role = null;
        RequestError? contentError = null;
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            switch (MessageNames.IndexOf(name.Of(body)))
            {
                case 0:
                    role = cursor.Kind;
                    cursor.Skip();
                    break;
                case 1:
                    contentError = CheckContent(body, ref cursor, index);
                    break;
                default:
                    cursor.Skip();
                    break;
            }
        }

        return role switch
        {
            null => RequestErrors.Missing($"messages[{index}].role"),
            JsonKind.String => contentError,
            { } kind => RequestErrors.WrongType($"messages[{index}].role", "a string", kind),
        };
    }

    private static RequestError? CheckContent(ReadOnlySpan<byte> body, ref JsonCursor cursor, int message)
    {
        var kind = cursor.Kind;
        if (kind != JsonKind.Array)
        {
            cursor.Skip();
            return kind is JsonKind.String or JsonKind.Null
                ? null
                : RequestErrors.WrongType($"messages[{message}].content", "a string or an array of objects", kind);
        }

        RequestError? error = null;
        cursor.Enter();
        for (var part = 0; cursor.NextItem(); part++)
        {
            if (error is null)
            {
                error = CheckPart(body, ref cursor, message, part);
            }
            else
            {
                cursor.Skip();
            }
        }

        return error;
    }

    private static RequestError? CheckPart(ReadOnlySpan<byte> body, ref JsonCursor cursor, int message, int part)
    {
        var kind = cursor.Kind;
        if (kind != JsonKind.Object)
        {
            cursor.Skip();
            return RequestErrors.WrongType($"messages[{message}].content[{part}]", "an object", kind);
        }

        JsonKind? type = null;
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            if (PartNames.IndexOf(name.Of(body)) == 0)
            {
                type = cursor.Kind;
            }

            cursor.Skip();
        }

        return type switch
        {
            null => RequestErrors.Missing($"messages[{message}].content[{part}].type"),
            JsonKind.String => null,
            { } other => RequestErrors.WrongType($"messages[{message}].content[{part}].type", "a string", other),
        };
    }
}
