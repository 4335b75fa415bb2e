using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Engines;

/// <summary>An engine and its store, counted by who uses them: the store is closed by the last one who leaves.</summary>
/// <remarks>Every user disposes it once. The first user is the configuration itself.</remarks>
internal sealed class EngineLease(StoreModel settings, StoreHandle store, PrefixEngine engine) : IDisposable
{
    private int _users = 1;

    public StoreModel Settings => settings;

    public StoreHandle Store => store;

    public PrefixEngine Engine => engine;

    /// <summary>Becomes a user; false when the store has been closed.</summary>
    public bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users)
            {
                return true;
            }

            users = seen;
        }

        return false;
    }

    public void Dispose()
    {
        if (Interlocked.Decrement(ref _users) == 0)
        {
            _ = store.DisposeAsync().AsTask();
        }
    }
}
