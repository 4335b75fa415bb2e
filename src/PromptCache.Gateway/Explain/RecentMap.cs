using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Gateway.Explain;

/// <summary>A map of at most so many keys; the one that came first goes first. Not thread-safe.</summary>
internal sealed class RecentMap<T>(int capacity)
{
    private readonly Dictionary<ulong, T> _values = [];
    private readonly Queue<ulong> _order = new();

    public int Count => _values.Count;

    public bool Contains(ulong key) => _values.ContainsKey(key);

    public bool TryGet(ulong key, [MaybeNullWhen(false)] out T value) => _values.TryGetValue(key, out value);

    public void Set(ulong key, T value)
    {
        if (!_values.TryAdd(key, value))
        {
            _values[key] = value;
            return;
        }

        _order.Enqueue(key);
        if (_order.Count > capacity)
        {
            _values.Remove(_order.Dequeue());
        }
    }
}
