namespace PromptCache.Gateway.Routing;

/// <summary>Remembers which provider holds a conversation's prefix, so that a detour does not throw its cached prefix away. Bounded; holds keyed hashes only.</summary>
/// <remarks>Two generations: when the younger is full the older is dropped whole. So the bound costs no request a search for what could go.</remarks>
internal sealed class ConversationMemory(TimeProvider time)
{
    /// <summary>The latest conversations that are certainly remembered; twice as many at most.</summary>
    public const int Generation = 50_000;

    private readonly Lock _gate = new();
    private Dictionary<string, (HeldPrefix Held, long Until)> _young = new(StringComparer.Ordinal);
    private Dictionary<string, (HeldPrefix Held, long Until)> _old = new(StringComparer.Ordinal);

    /// <summary>How many are held, for tests of the bound.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _young.Count + _old.Count;
            }
        }
    }

    /// <summary>What the provider that served the conversation last still holds; null: nothing, or too long ago.</summary>
    public HeldPrefix? HeldOf(string conversation)
    {
        lock (_gate)
        {
            return (_young.TryGetValue(conversation, out var entry) || _old.TryGetValue(conversation, out entry)) && time.GetTimestamp() < entry.Until ? entry.Held : null;
        }
    }

    public void Remember(string conversation, HeldPrefix held, TimeSpan lifetime)
    {
        var until = time.GetTimestamp() + (long)(lifetime.TotalSeconds * time.TimestampFrequency);
        lock (_gate)
        {
            if (_young.Count >= Generation && !_young.ContainsKey(conversation))
            {
                (_old, _young) = (_young, new(StringComparer.Ordinal));
            }

            _young[conversation] = (held, until);
        }
    }
}
