using Microsoft.Extensions.Logging.Abstractions;
using PromptCache.Core.Store;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Redis.Tests;

/// <summary>Looks at a server from outside the store.</summary>
internal static class Inspect
{
    public static Task<ConnectionMultiplexer> ConnectAsync(RedisServer server) => ConnectionMultiplexer.ConnectAsync(server.EndPoint + ",allowAdmin=true,syncTimeout=20000");

    public static RedisPrefixStore Open(RedisServer server, TimeProvider? clock = null, string more = "")
    {
        var options = new RedisStoreOptions { Configuration = server.EndPoint + more };
        return clock is null
            ? RedisPrefixStore.Create(options, NullLoggerFactory.Instance, TimeProvider.System)
            : RedisPrefixStore.CreateWithClock(options, NullLoggerFactory.Instance, clock);
    }

    public static RedisPrefixStore Open(string configuration) => RedisPrefixStore.Create(new() { Configuration = configuration }, NullLoggerFactory.Instance, TimeProvider.System);

    /// <summary>Waits until it is true; the wait has an end, but no test passes because of it.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (var i = 0; i < 4000 && !condition(); i++)
        {
            await timer.WaitForNextTickAsync();
        }

        condition().ShouldBeTrue(what);
    }

    public static async Task<RedisPrefixStore> ConnectedAsync(this RedisPrefixStore store)
    {
        await UntilAsync(() => store.IsConnected, "the store connects");
        return store;
    }

    public static string Describe(this PrefixMatch match)
        => $"{match.Blocks} blocks, anchors {string.Join(' ', match.Anchors)}, served by {string.Join(' ', match.Destinations)}";

    public static IServer Server(this ConnectionMultiplexer admin) => admin.GetServer(admin.GetEndPoints()[0]);

    public static RedisKey[] Keys(this ConnectionMultiplexer admin) => [.. admin.Server().Keys(pageSize: 1000)];
}
