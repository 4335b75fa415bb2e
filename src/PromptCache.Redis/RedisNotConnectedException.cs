namespace PromptCache.Redis;

/// <summary>The connection has not been made yet, or is gone and being made again.</summary>
internal sealed class RedisNotConnectedException() : IOException("Redis is not connected.");
