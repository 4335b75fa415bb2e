using PromptCache.Core.Wire;

namespace PromptCache.Providers.Json;

/// <summary>What a JSON string stands for, as UTF-8. It is the string's own memory where there was nothing to unescape.</summary>
internal readonly ref struct PooledText
{
    private readonly PooledBytes? _unescaped;
    private readonly ReadOnlySpan<byte> _raw;

    public PooledText(JsonValue text)
    {
        _raw = text.Text;
        if (_raw.Contains((byte)'\\'))
        {
            _unescaped = new PooledBytes(_raw.Length);
            JsonEscaping.Unescape(_raw, _unescaped);
        }
    }

    public ReadOnlySpan<byte> Span => _unescaped is null ? _raw : _unescaped.Span;

    public void Dispose() => _unescaped?.Dispose();
}
