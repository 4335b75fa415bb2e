namespace PromptCache.Core.Store;

/// <summary>A shard's entries from the newest used to the oldest.</summary>
internal sealed class UseOrder
{
    private StoreEntry? _newest;

    public StoreEntry? Oldest { get; private set; }

    public void AddNewest(StoreEntry entry)
    {
        entry.Newer = null;
        entry.Older = _newest;
        if (_newest is null)
        {
            Oldest = entry;
        }
        else
        {
            _newest.Newer = entry;
        }

        _newest = entry;
    }

    public void InsertOlderThan(StoreEntry entry, StoreEntry place)
    {
        entry.Newer = place;
        entry.Older = place.Older;
        if (place.Older is null)
        {
            Oldest = entry;
        }
        else
        {
            place.Older.Newer = entry;
        }

        place.Older = entry;
    }

    public void Remove(StoreEntry entry)
    {
        if (entry.Newer is null)
        {
            _newest = entry.Older;
        }
        else
        {
            entry.Newer.Older = entry.Older;
        }

        if (entry.Older is null)
        {
            Oldest = entry.Newer;
        }
        else
        {
            entry.Older.Newer = entry.Newer;
        }
    }

    public void MoveToNewest(StoreEntry entry)
    {
        if (!ReferenceEquals(entry, _newest))
        {
            Remove(entry);
            AddNewest(entry);
        }
    }
}
