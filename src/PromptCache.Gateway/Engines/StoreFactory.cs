using PromptCache.Core.Store;
using PromptCache.Gateway.Configuration;
using PromptCache.Redis;

namespace PromptCache.Gateway.Engines;

/// <summary>Builds the prefix store that the configuration asks for: in-process; or Redis behind a guard, with an in-process tier in front.</summary>
internal sealed class StoreFactory(TimeProvider time, ILoggerFactory loggers)
{
    public StoreHandle Create(StoreModel settings)
    {
        var local = new InProcessPrefixStore(time, settings.MaxBytes);
        if (settings.Redis is not { } connection)
        {
            return new StoreHandle(local, new InProcessSharedNotes(time), Guard: null, Redis: null);
        }

        var redis = RedisPrefixStore.Create(new RedisStoreOptions { Configuration = connection }, loggers, time);
        var guard = new GuardedPrefixStore(new TieredPrefixStore(local, redis), time, loggers.CreateLogger<GuardedPrefixStore>(), new StoreGuardOptions { TimeoutMs = (int)settings.Timeout.TotalMilliseconds });
        return new StoreHandle(guard, redis.Notes, guard, redis);
    }
}
