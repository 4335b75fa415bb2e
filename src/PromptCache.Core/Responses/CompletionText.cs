using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>The generated text of one response, decoded, in the order in which it came: for counting where the upstream reports nothing. Stops growing at a limit.</summary>
internal sealed class CompletionText : IDisposable
{
    /// <summary>Two million tokens of English: beyond any answer, and a bound for a hostile one.</summary>
    public const int Limit = 8 * 1024 * 1024;

    private readonly PooledBytes _text = new();

    public ReadOnlyMemory<byte> Memory => _text.Memory;

    /// <summary>Appends the string at which the reader stands.</summary>
    public void Append(ref readonly Utf8JsonReader reader)
    {
        var raw = reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, Limit)];
        if (_text.Length + raw.Length > Limit)
        {
            return;
        }

        if (reader.ValueIsEscaped && raw.Length == reader.ValueSpan.Length)
        {
            JsonText.Unescape(raw, _text);
        }
        else
        {
            _text.Write(raw);
        }
    }

    public void Dispose() => _text.Dispose();
}
