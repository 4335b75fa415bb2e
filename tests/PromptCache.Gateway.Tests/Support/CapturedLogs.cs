using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Everything that was logged.</summary>
internal sealed class CapturedLogs : ILoggerProvider
{
    public ConcurrentQueue<CapturedEvent> Events { get; } = new();

    public CapturedEvent[] Of(string name) => [.. Events.Where(e => e.Name == name)];

    /// <summary>The events of a name, once there are so many of them.</summary>
    public async Task<CapturedEvent[]> OfAsync(string name, int count)
    {
        await Eventually.Is(() => Of(name).Length >= count, $"{name} was logged {count} times");
        return Of(name);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLogs logs, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var fields = state as IReadOnlyList<KeyValuePair<string, object?>> ?? [];
            logs.Events.Enqueue(new CapturedEvent(category, logLevel, eventId.Name ?? "", formatter(state, exception) + exception, fields.DistinctBy(f => f.Key).ToDictionary(f => f.Key, f => f.Value)));
        }
    }
}
