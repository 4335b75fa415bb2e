namespace PromptCache.Core.Store;

/// <summary>Notes inside one process: a gateway alone shares with nobody.</summary>
/// <param name="time">The clock of the lifetimes.</param>
/// <param name="maxNotes">How many are kept; beyond it the one that would end first goes.</param>
public sealed class InProcessSharedNotes(TimeProvider time, int maxNotes = 16_384) : ISharedNotes
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, (byte[] Value, DateTimeOffset Expiry)> _notes = [];

    public ValueTask<byte[]?> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var name = NameOf(key, default);
        lock (_gate)
        {
            return new(_notes.TryGetValue(name, out var note) && note.Expiry > time.GetUtcNow() ? [.. note.Value] : null);
        }
    }

    public ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan ttl, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        var name = NameOf(key, value);
        lock (_gate)
        {
            var now = time.GetUtcNow();
            if (onlyIfAbsent && _notes.TryGetValue(name, out var note) && note.Expiry > now)
            {
                return new(false);
            }

            _notes[name] = (value.ToArray(), now + ttl);
            if (_notes.Count > maxNotes)
            {
                _notes.Remove(_notes.MinBy(n => n.Value.Expiry).Key);
            }

            return new(true);
        }
    }

    public ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        var name = NameOf(key, default);
        lock (_gate)
        {
            _notes.Remove(name);
            return ValueTask.CompletedTask;
        }
    }

    private static string NameOf(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value)
    {
        ISharedNotes.Check(key, value);
        return Convert.ToHexString(key.Span);
    }
}
