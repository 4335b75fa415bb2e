using PromptCache.Testing.Stores;

namespace PromptCache.Redis.Tests;

public sealed class RedisUrlTests
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData("127.0.0.1:6379", true)]
    [InlineData("redis.example.com:6380,password=p,ssl=true", true)]
    [InlineData("redis:6379", true)]
    [InlineData("redis://redis", true)]
    [InlineData("redis://:p%40ss@redis.example.com:6380/2", true)]
    [InlineData("rediss://default:pass@[::1]:6380", true)]
    [InlineData("REDISS://redis.example.com", true)]
    [InlineData("rediss://somebody:pass@redis.example.com", false)]
    [InlineData("redis://", false)]
    [InlineData("redis://redis/one", false)]
    [InlineData("redis://redis?timeout=1", false)]
    [InlineData("http://redis", false)]
    public void IsConnectionString_EveryForm_IsToldApart(string text, bool readable) => RedisStoreOptions.IsConnectionString(text).ShouldBe(readable);

    [Fact]
    public async Task Address_WithPasswordAndDatabase_IsUsed()
    {
        await using var server = await RedisServer.StartAsync("--requirepass", "p@ss/word");
        await using var store = await Inspect.Open($"redis://:p%40ss%2Fword@{server.EndPoint}/3").ConnectedAsync();

        await store.RecordAsync(new(TestChain.Long(5), FiveMinutes, [], 0), default);

        (await store.FindAsync(new(TestChain.Long(5), FiveMinutes, []), default)).Blocks.ShouldBe(5);
        using var admin = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(server.EndPoint + ",password=p@ss/word,allowAdmin=true");
        (await admin.Server().DatabaseSizeAsync(3)).ShouldBeGreaterThan(0);
        (await admin.Server().DatabaseSizeAsync(0)).ShouldBe(0);
    }
}
