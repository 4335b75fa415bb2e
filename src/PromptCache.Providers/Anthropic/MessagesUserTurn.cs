using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>A user's turn as chat messages: a tool's result is a message of its own, and what stands between results keeps its place.</summary>
/// <remarks>Images and files are taken from users alone, not from tools: those that a result shows follow behind the results, in front of what the user says.</remarks>
internal ref struct MessagesUserTurn(JsonOut json)
{
    private bool _isOpen;

    public void Write(JsonValue content)
    {
        if (content.IsString)
        {
            json.BeginObject();
            json.Member("role"u8, "\"user\""u8);
            json.Member("content"u8, content.Raw);
            json.EndObject();
            return;
        }

        JsonItems showing = default;
        var shows = false;
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            if (blocks.Value.Get("type"u8).Is("tool_result"u8))
            {
                End();
                if (WriteResult(blocks.Value) && !shows)
                {
                    showing = blocks;
                    shows = true;
                }

                continue;
            }

            if (shows)
            {
                WriteShown(showing, blocks.Index);
                shows = false;
            }

            Begin();
            MessagesParts.Write(json, blocks.Value);
        }

        if (shows)
        {
            WriteShown(showing, int.MaxValue);
        }

        End();
    }

    private void Begin()
    {
        if (!_isOpen)
        {
            json.BeginObject();
            json.Member("role"u8, "\"user\""u8);
            json.Name("content"u8);
            json.BeginArray();
            _isOpen = true;
        }
    }

    private void End()
    {
        if (_isOpen)
        {
            json.EndArray();
            json.EndObject();
            _isOpen = false;
        }
    }

    /// <summary>Writes what a result says; whether it also shows something.</summary>
    private readonly bool WriteResult(JsonValue result)
    {
        json.BeginObject();
        json.Member("role"u8, "\"tool\""u8);
        var id = result.Get("tool_use_id"u8);
        json.Member("tool_call_id"u8, id.IsString ? id.Raw : "\"\""u8);
        json.Name("content"u8);
        var content = result.Get("content"u8);
        var (said, shown) = (0, 0);
        var blocks = content.Items();
        while (blocks.MoveNext())
        {
            if (MessagesParts.IsMedia(blocks.Value))
            {
                shown++;
                continue;
            }

            if (said++ == 0)
            {
                json.BeginArray();
            }

            MessagesParts.Write(json, blocks.Value);
        }

        if (said > 0)
        {
            json.EndArray();
        }
        else
        {
            json.Raw(shown > 0 ? "\"(in the user's next message)\""u8 : content.IsString || content.IsArray ? content.Raw : "\"\""u8);
        }

        MessagesParts.WriteMarker(json, result);
        json.EndObject();
        return shown > 0;
    }

    // The walk goes on from the first result that shows something.
    private void WriteShown(JsonItems results, int to)
    {
        do
        {
            var blocks = results.Value.Get("content"u8).Items();
            while (blocks.MoveNext())
            {
                if (MessagesParts.IsMedia(blocks.Value))
                {
                    Begin();
                    MessagesParts.Write(json, blocks.Value);
                }
            }
        }
        while (results.MoveNext() && results.Index < to);
    }
}
