using System.Collections.Concurrent;

namespace PromptCache.Gateway.Routing;

/// <summary>Remembers which provider served a conversation last, so that a detour does not throw its cached prefix away. Bounded; holds keyed hashes only.</summary>
internal sealed class ConversationMemory(TimeProvider time)
{
    private const int Limit = 100_000;

    private readonly ConcurrentDictionary<string, (string Provider, long Until)> _served = new(StringComparer.Ordinal);

    /// <summary>The provider that served the conversation within its cache's lifetime; null: none, or too long ago.</summary>
    public string? ProviderOf(string conversation)
        => _served.TryGetValue(conversation, out var entry) && time.GetTimestamp() < entry.Until ? entry.Provider : null;

    public void Remember(string conversation, string provider, TimeSpan lifetime)
    {
        if (_served.Count >= Limit)
        {
            Trim();
        }

        _served[conversation] = (provider, time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency));
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
