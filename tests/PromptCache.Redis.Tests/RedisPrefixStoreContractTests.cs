using PromptCache.Core.Store;
using PromptCache.Testing.Stores;

namespace PromptCache.Redis.Tests;

/// <summary>The contract on a real server; lifetimes run on the tests' clock, which goes to the scripts in place of the server's own.</summary>
public sealed class RedisPrefixStoreContractTests(RedisFixture redis) : PrefixStoreContract, IClassFixture<RedisFixture>, IAsyncLifetime
{
    private RedisPrefixStore _store = null!;

    protected override IPrefixStore Store => _store;

    public async ValueTask InitializeAsync()
    {
        await redis.Admin.Server().FlushAllDatabasesAsync();
        _store = await Inspect.Open(redis.Server, Time).ConnectedAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var key in redis.Admin.Keys())
        {
            redis.Admin.GetDatabase().KeyTimeToLive(key).ShouldNotBeNull("every key has a lifetime");
        }

        await _store.DisposeAsync();
    }
}
