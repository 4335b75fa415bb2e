namespace PromptCache.Tokenizers.Merging;

/// <summary>A binary heap of merges that could be made, lowest rank first, leftmost first among equals.</summary>
internal sealed class MergeHeap
{
    private ulong[] _items = new ulong[256];
    private int _count;

    /// <summary>How many merges it has room for.</summary>
    public int Capacity => _items.Length;

    public void Clear() => _count = 0;

    /// <summary>Adds without order; <see cref="Order"/> follows.</summary>
    public void Append(int rank, int position)
    {
        if (_count == _items.Length)
        {
            Array.Resize(ref _items, _count * 2);
        }

        _items[_count++] = ((ulong)rank << 32) | (uint)position;
    }

    public void Order()
    {
        for (var i = (_count / 2) - 1; i >= 0; i--)
        {
            Sink(i);
        }
    }

    public void Push(int rank, int position)
    {
        Append(rank, position);
        var items = _items;
        var i = _count - 1;
        var item = items[i];
        while (i > 0)
        {
            var parent = (i - 1) / 2;
            if (items[parent] <= item)
            {
                break;
            }

            items[i] = items[parent];
            i = parent;
        }

        items[i] = item;
    }

    public bool TryPop(out int rank, out int position)
    {
        if (_count == 0)
        {
            (rank, position) = (0, 0);
            return false;
        }

        var top = _items[0];
        (rank, position) = ((int)(top >> 32), (int)top);
        _items[0] = _items[--_count];
        Sink(0);
        return true;
    }

    private void Sink(int i)
    {
        var items = _items.AsSpan(0, _count);
        if (i >= items.Length)
        {
            return;
        }

        var item = items[i];
        while ((2 * i) + 1 < items.Length)
        {
            var child = (2 * i) + 1;
            if (child + 1 < items.Length && items[child + 1] < items[child])
            {
                child++;
            }

            if (items[child] >= item)
            {
                break;
            }

            items[i] = items[child];
            i = child;
        }

        items[i] = item;
    }
}
