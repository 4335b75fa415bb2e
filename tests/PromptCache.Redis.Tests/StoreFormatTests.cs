using System.Text;
using PromptCache.Testing;
using PromptCache.Testing.Stores;
using StackExchange.Redis;

namespace PromptCache.Redis.Tests;

/// <summary>The bytes in Redis. The samples are frozen: gateways of different versions share a server, so a change that breaks them needs a new version in the key.</summary>
public sealed class StoreFormatTests(RedisFixture redis) : IClassFixture<RedisFixture>, IAsyncLifetime
{
    private static readonly TimeSpan FiveMinutes = TimeSpan.FromMinutes(5);

    private readonly ManualTimeProvider _time = new();
    private RedisPrefixStore _store = null!;

    public async ValueTask InitializeAsync()
    {
        await redis.Admin.Server().FlushAllDatabasesAsync();
        _store = await Inspect.Open(redis.Server, _time).ConnectedAsync();
    }

    public ValueTask DisposeAsync() => _store.DisposeAsync();

    [Fact]
    public async Task Record_Version1_TheFrozenBytes()
    {
        await WriteSampleAsync();

        Dump().OrderBy(e => e.Key, StringComparer.Ordinal).ShouldBe(Samples.Version1.OrderBy(e => e.Key, StringComparer.Ordinal));
    }

    [Fact]
    public async Task Find_Version1_IsUnderstood()
    {
        foreach (var (key, value) in Samples.Version1)
        {
            await redis.Admin.GetDatabase().StringSetAsync(Convert.FromHexString(key), Convert.FromHexString(value), FiveMinutes);
        }

        var one = await _store.FindAsync(new(TestChain.Of(1, 2, 3, 4), TimeSpan.FromMilliseconds(1), [2, 4]), default);
        one.Describe().ShouldBe("4 blocks, anchors 4, served by 161");
        var other = await _store.FindAsync(new(TestChain.Of(1, 2, 8), TimeSpan.FromMilliseconds(1), []), default);
        other.Describe().ShouldBe("3 blocks, anchors , served by 178");
        _time.Advance(FiveMinutes);
        (await _store.FindAsync(new(TestChain.Of(1, 2, 3, 4), FiveMinutes, []), default)).Blocks.ShouldBe(2, "the first path ended, the second lives a minute longer");
    }

    [Fact]
    public async Task Record_Any_NothingButHashesTimesAndDestinations()
    {
        var random = new Random(5);
        var pool = new ConversationPool(random);
        var allowed = new HashSet<string>();
        for (var turn = 0; turn < 200; turn++)
        {
            _time.Advance(TimeSpan.FromSeconds(random.Next(30)));
            var chain = pool.Next();
            await _store.FindAsync(new(chain, FiveMinutes, []), default);
            await _store.RecordAsync(new(chain, FiveMinutes, [new(chain.Count, FiveMinutes)], (uint)random.Next(3)), default);
            for (var block = 0; block < chain.Count; block++)
            {
                allowed.Add(Convert.ToHexString(chain.HashOf(block)[..12]));
            }
        }

        foreach (var key in redis.Admin.Keys())
        {
            byte[] name = key!;
            Encoding.ASCII.GetString(name[..15]).ShouldMatch(@"^pc1:\{[0-9a-f]{8}\}[pa]$");
            name.Length.ShouldBe(15 + 16);
            allowed.ShouldContain(Convert.ToHexString(name[15..27]));
            byte[] value = redis.Admin.GetDatabase().StringGet(key)!;
            if (name[14] == 'p')
            {
                CheckPage(value, allowed);
            }
            else
            {
                value.Length.ShouldBe(12);
            }
        }
    }

    private static void CheckPage(byte[] value, HashSet<string> allowed)
    {
        var at = 10;
        while (at < value.Length)
        {
            var (position, blocks) = (value[at], (int)value[at + 1]);
            (position == 0).ShouldBe(at == 10);
            blocks.ShouldBeInRange(1, ChainPages.MaxBlocks);
            at += 32;
            for (var id = position == 0 ? 1 : 0; id < blocks; id++, at += StoreKeys.IdBytes)
            {
                allowed.ShouldContain(Convert.ToHexString(value, at, StoreKeys.IdBytes));
            }
        }

        at.ShouldBe(value.Length);
    }

    private async Task WriteSampleAsync()
    {
        await _store.RecordAsync(new(TestChain.Of(1, 2, 3, 4), FiveMinutes, [new(4, TimeSpan.FromHours(1))], 0xA1), default);
        _time.Advance(TimeSpan.FromMinutes(1));
        await _store.RecordAsync(new(TestChain.Of(1, 2, 8), FiveMinutes, [], 0xB2), default);
    }

    private Dictionary<string, string> Dump()
        => redis.Admin.Keys().ToDictionary(k => Convert.ToHexStringLower(k!), k => Convert.ToHexStringLower(redis.Admin.GetDatabase().StringGet(k)!));
}
