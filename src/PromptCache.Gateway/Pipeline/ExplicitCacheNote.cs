using System.Globalization;
using System.Text;

namespace PromptCache.Gateway.Pipeline;

/// <summary>What gateways tell each other of a named cache.</summary>
/// <param name="Name">The provider's name for it.</param>
/// <param name="Expires">When the provider forgets it.</param>
/// <param name="Tokens">The tokens stored.</param>
internal sealed record ExplicitCacheNote(string Name, DateTimeOffset Expires, long Tokens)
{
    /// <summary>Whether the provider itself has just counted <see cref="Tokens"/>. Not part of what is told.</summary>
    public bool Counted { get; init; }

    /// <summary>The note as bytes: <c>1 EXPIRES-IN-MS TOKENS NAME</c>.</summary>
    public byte[] ToBytes() => Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"1 {Expires.ToUnixTimeMilliseconds()} {Tokens} {Name}"));

    /// <summary>Reads a note; null: it has no name, or another version wrote it.</summary>
    public static ExplicitCacheNote? Read(byte[] bytes)
        => Encoding.UTF8.GetString(bytes).Split(' ', 4) is ["1", var expires, var tokens, { Length: > 0 } name]
            && long.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds)
            && milliseconds < DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            && long.TryParse(tokens, NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? new ExplicitCacheNote(name, DateTimeOffset.FromUnixTimeMilliseconds(milliseconds), count)
            : null;
}
