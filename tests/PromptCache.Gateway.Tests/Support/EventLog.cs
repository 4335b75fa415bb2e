using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>Keeps the log events of a gateway, by the properties that are their contract.</summary>
internal sealed class EventLog : ILoggerProvider
{
    private readonly Channel<IReadOnlyDictionary<string, object?>> _requests = Channel.CreateUnbounded<IReadOnlyDictionary<string, object?>>();
    private readonly List<string> _errors = [];

    /// <summary>Events of level Error and above, as text.</summary>
    public IReadOnlyList<string> Errors
    {
        get
        {
            lock (_errors)
            {
                return [.. _errors];
            }
        }
    }

    /// <summary>The next request's event.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> NextRequestAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        return await _requests.Reader.ReadAsync(patience.Token);
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(EventLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Name == "RequestCompleted" && state is IReadOnlyList<KeyValuePair<string, object?>> properties)
            {
                log._requests.Writer.TryWrite(properties.ToDictionary(p => p.Key, p => p.Value, StringComparer.Ordinal));
            }

            if (logLevel >= LogLevel.Error)
            {
                lock (log._errors)
                {
                    log._errors.Add($"{category} {eventId.Name}: {formatter(state, exception)} {exception}");
                }
            }
        }
    }
}
