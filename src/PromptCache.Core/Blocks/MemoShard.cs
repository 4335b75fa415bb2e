namespace PromptCache.Core.Blocks;

/// <summary>A part of the memo under one lock, with a clock for eviction: what was used since the hand came by gets another round.</summary>
internal sealed class MemoShard(long capacityBytes)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<MemoKey, MemoEntry> _entries = [];
    private readonly Queue<MemoEntry> _clock = new();
    private long _bytes;

    public long Bytes
    {
        get
        {
            lock (_gate)
            {
                return _bytes;
            }
        }
    }

    public bool TryGet(in MemoKey key, out MemoEntry entry)
    {
        lock (_gate)
        {
            if (_entries.TryGetValue(key, out entry!))
            {
                entry.Used = true;
                return true;
            }

            return false;
        }
    }

    public void Add(MemoEntry entry)
    {
        if (entry.Size > capacityBytes)
        {
            return;
        }

        lock (_gate)
        {
            if (!_entries.TryAdd(entry.Key, entry))
            {
                return;
            }

            _clock.Enqueue(entry);
            _bytes += entry.Size;
            while (_bytes > capacityBytes)
            {
                TurnHand();
            }
        }
    }

    private void TurnHand()
    {
        var oldest = _clock.Dequeue();
        if (oldest.Used)
        {
            oldest.Used = false;
            _clock.Enqueue(oldest);
            return;
        }

        _entries.Remove(oldest.Key);
        _bytes -= oldest.Size;
    }
}
