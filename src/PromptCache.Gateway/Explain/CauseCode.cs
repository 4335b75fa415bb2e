namespace PromptCache.Gateway.Explain;

/// <summary>The stable words of <see cref="ExplainCause.Code"/>: add, never rename.</summary>
internal static class CauseCode
{
    /// <summary>The prompt went on like this before, and its lifetime has passed.</summary>
    public const string Expired = "expired";

    /// <summary>The prompt went on like this before, its lifetime has not passed, and it is gone all the same: evicted, flushed, or another store.</summary>
    public const string Evicted = "evicted";

    /// <summary>The same prompt is known to the provider's other cache: it was sent with markers, and now without, or the other way round.</summary>
    public const string OtherMode = "other_mode";

    /// <summary>Text and position are known; what differs are request parameters that invalidate the messages.</summary>
    public const string Parameters = "parameters";

    /// <summary>The model drops earlier thinking, now that a user turn follows it that is no tool result.</summary>
    public const string ThinkingDropped = "thinking_dropped";

    /// <summary>The same JSON with its members in another order.</summary>
    public const string KeyOrder = "key_order";

    public const string WhiteSpace = "white_space";

    public const string Case = "case";

    /// <summary>The same text was seen with another date, time, id or name in it.</summary>
    public const string VolatileChanged = "volatile_changed";

    /// <summary>The text holds what may change with every request.</summary>
    public const string VolatileFound = "volatile_found";

    /// <summary>The same segment is known at another place.</summary>
    public const string Moved = "moved";

    /// <summary>The end of the conversation: new by its nature.</summary>
    public const string NewTurn = "new_turn";

    public const string NeverSeen = "never_seen";
}
