using PromptCache.Core.Store;
using PromptCache.Testing.Stores;

namespace PromptCache.Redis.Tests;

public sealed class RedisSharedNotesTests(RedisFixture redis) : SharedNotesContract, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private RedisPrefixStore _store = null!;

    protected override ISharedNotes Notes => _store.Notes;

    public async ValueTask InitializeAsync()
    {
        await redis.Admin.Server().FlushAllDatabasesAsync();
        _store = await Inspect.Open(redis.Server).ConnectedAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Set_Any_TheKeyHasItsLifetime()
    {
        await Notes.SetAsync(new byte[32], "1"u8.ToArray(), TimeSpan.FromMinutes(10), onlyIfAbsent: true, default);

        var key = redis.Admin.Keys().ShouldHaveSingleItem();
        redis.Admin.GetDatabase().KeyTimeToLive(key)!.Value.ShouldBeInRange(TimeSpan.FromMinutes(9), TimeSpan.FromMinutes(10));
    }
}
