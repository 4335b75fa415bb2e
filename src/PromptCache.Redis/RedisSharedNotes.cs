using PromptCache.Core.Store;
using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>Notes as plain keys with a lifetime.</summary>
internal sealed class RedisSharedNotes(RedisConnection connection, StoreKeys keys) : ISharedNotes
{
    public async ValueTask<byte[]?> GetAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        ISharedNotes.Check(key, default);
        return await connection.Database().StringGetAsync(keys.Note(key.Span), CommandFlags.DemandMaster).Leave().WaitAsync(cancellationToken);
    }

    public async ValueTask<bool> SetAsync(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte> value, TimeSpan ttl, bool onlyIfAbsent, CancellationToken cancellationToken)
    {
        ISharedNotes.Check(key, value);
        return await connection.Database()
            .StringSetAsync(keys.Note(key.Span), value.ToArray(), ttl, onlyIfAbsent ? When.NotExists : When.Always, CommandFlags.DemandMaster)
            .Leave().WaitAsync(cancellationToken);
    }

    public async ValueTask RemoveAsync(ReadOnlyMemory<byte> key, CancellationToken cancellationToken)
    {
        ISharedNotes.Check(key, default);
        await connection.Database().KeyDeleteAsync(keys.Note(key.Span), CommandFlags.DemandMaster).Leave().WaitAsync(cancellationToken);
    }
}
