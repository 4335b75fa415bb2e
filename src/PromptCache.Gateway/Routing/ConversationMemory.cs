using System.Collections.Concurrent;

namespace PromptCache.Gateway.Routing;

/// <summary>Remembers which provider holds a conversation's prefix, so that a detour does not throw its cached prefix away. Bounded; holds keyed hashes only.</summary>
internal sealed class ConversationMemory(TimeProvider time)
{
    private const int Limit = 100_000;

    private readonly ConcurrentDictionary<string, (HeldPrefix Held, long Until)> _served = new(StringComparer.Ordinal);

    /// <summary>What the provider that served the conversation last still holds; null: nothing, or too long ago.</summary>
    public HeldPrefix? HeldOf(string conversation)
        => _served.TryGetValue(conversation, out var entry) && time.GetTimestamp() < entry.Until ? entry.Held : null;

    public void Remember(string conversation, HeldPrefix held, TimeSpan lifetime)
    {
        if (_served.Count >= Limit)
        {
            Trim();
        }

        _served[conversation] = (held, time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency));
    }

    private void Trim()
    {
        var now = time.GetTimestamp();
        foreach (var (conversation, entry) in _served)
        {
            if (entry.Until <= now)
            {
                _served.TryRemove(conversation, out _);
            }
        }

        if (_served.Count >= Limit)
        {
            _served.Clear();
        }
    }
}
