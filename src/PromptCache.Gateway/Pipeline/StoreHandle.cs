using PromptCache.Core.Store;
using PromptCache.Redis;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The store in force, with what is asked about its health.</summary>
/// <param name="Store">What requests use.</param>
/// <param name="Notes">What gateways on the same store tell each other.</param>
/// <param name="Guard">What stands between them and Redis; null in-process.</param>
/// <param name="Redis">The connection; null in-process.</param>
internal sealed record StoreHandle(IPrefixStore Store, ISharedNotes Notes, GuardedPrefixStore? Guard, RedisPrefixStore? Redis) : IAsyncDisposable
{
    /// <summary><c>serving</c>, <c>bypassed</c> (it answers badly and is left alone for a moment), or <c>down</c> (there is no connection).</summary>
    public string State => Redis is { IsConnected: false } ? "down" : Guard?.Health.State is StoreState.Bypassed ? "bypassed" : "serving";

    public string Kind => Redis is null ? "in-process" : "redis";

    public ValueTask DisposeAsync() => Redis?.DisposeAsync() ?? ValueTask.CompletedTask;
}
