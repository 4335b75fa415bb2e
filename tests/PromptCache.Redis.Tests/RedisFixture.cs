using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Redis.Tests;

/// <summary>One server for the tests of a class, with a connection that looks at it from outside.</summary>
public sealed class RedisFixture : IAsyncLifetime
{
    public RedisServer Server { get; private set; } = null!;

    public ConnectionMultiplexer Admin { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Server = await RedisServer.StartAsync();
        Admin = await Inspect.ConnectAsync(Server);
    }

    public async ValueTask DisposeAsync()
    {
        Admin.Dispose();
        await Server.DisposeAsync();
    }
}
