using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Writes <c>systemInstruction</c> and <c>contents</c>, part by part. A content without a part is not written: Gemini refuses it.</summary>
internal sealed class GeminiContentWriter(JsonOut json)
{
    private JsonOut _json = json;
    private GeminiRole _role;
    private GeminiRole _written;
    private bool _inContent;
    private bool _partOpen;

    /// <summary>Contents written so far, behind the cut if there was one; the system instruction not counted.</summary>
    public int Count { get; private set; }

    /// <summary>Starts a content; it is written when its first part is.</summary>
    /// <param name="role">Whose it is.</param>
    /// <param name="joins">Whether its parts go into the content before, if that is of the same kind.</param>
    public void BeginContent(GeminiRole role, bool joins)
    {
        ClosePart();
        _role = role;
        _inContent = joins && _written == role;
    }

    /// <summary>Opens a part: the caller writes its members, and nothing else until the next call to this writer.</summary>
    public JsonOut BeginPart()
    {
        ClosePart();
        if (!_inContent)
        {
            OpenContent();
        }

        _json.BeginObject();
        _partOpen = true;
        return _json;
    }

    /// <summary>Ends what has been written so far as a prefix; what follows goes elsewhere, and begins with a content of its own.</summary>
    public void Cut(JsonOut rest)
    {
        End();
        _json = rest;
        (Count, _inContent) = (0, false);
    }

    /// <summary>Closes whatever is open.</summary>
    public void End()
    {
        ClosePart();
        CloseContent();
        if (Count > 0)
        {
            _json.EndArray();
        }
    }

    private void OpenContent()
    {
        CloseContent();
        _inContent = true;
        _written = _role;
        if (_role == GeminiRole.Leading)
        {
            _json.Name("systemInstruction"u8);
            _json.BeginObject();
        }
        else
        {
            if (Count++ == 0)
            {
                _json.Name("contents"u8);
                _json.BeginArray();
            }

            _json.BeginObject();
            _json.Member("role"u8, _role == GeminiRole.Model ? "\"model\""u8 : "\"user\""u8);
        }

        _json.Name("parts"u8);
        _json.BeginArray();
    }

    private void ClosePart()
    {
        if (_partOpen)
        {
            _json.EndObject();
            _partOpen = false;
        }
    }

    private void CloseContent()
    {
        if (_written != GeminiRole.None)
        {
            _json.EndArray();
            _json.EndObject();
            _written = GeminiRole.None;
        }
    }
}
