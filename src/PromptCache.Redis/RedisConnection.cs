using System.Diagnostics.CodeAnalysis;
using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace PromptCache.Redis;

/// <summary>The store's own connection: nobody else's large replies stand in its way. Made in the background, and made again when it is lost.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan ConnectAgainAfter = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly string _endPoints;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<ConnectionMultiplexer> _connecting;
    private int _lost;

    /// <exception cref="ArgumentException">The connection string cannot be read.</exception>
    public RedisConnection(string configuration, ILogger logger, TimeProvider time)
    {
        _options = RedisUrl.Read(configuration);
        _options.AbortOnConnectFail = false;
        _options.ClientName ??= "promptcache";
        // A store that comes back is used within seconds: the guard tries again every two.
        _options.ConnectTimeout = Math.Min(_options.ConnectTimeout, 2000);
        _options.ReconnectRetryPolicy = new LinearRetry(500);
        _endPoints = string.Join(", ", _options.EndPoints.Select(Name));
        _logger = logger;
        _time = time;
        _connecting = Task.Run(ConnectAsync);
    }

    /// <summary>Ends with the first attempt to connect, whether or not it succeeded.</summary>
    public Task Attempted => _connecting;

    public bool IsConnected => TryGet(out _);

    /// <summary>Runs a script that writes, with the keys that it names.</summary>
    /// <exception cref="RedisNotConnectedException">There is no connection now.</exception>
    public async Task<RedisResult[]> RunAsync(string script, RedisKey[] keys, RedisValue[] arguments)
    {
        var database = Database();
        try
        {
            return Read(await database.ScriptEvaluateAsync(script, keys, arguments, CommandFlags.DemandMaster).Leave());
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith("NOSCRIPT", StringComparison.Ordinal))
        {
            // Somebody flushed the scripts. The client has noticed by now and sends the text again, but not this call's.
            return Read(await database.ScriptEvaluateAsync(script, keys, arguments, CommandFlags.DemandMaster).Leave());
        }

        static RedisResult[] Read(RedisResult result) => (RedisResult[]?)result ?? [];
    }

    /// <exception cref="RedisNotConnectedException">There is no connection now.</exception>
    public IDatabase Database() => TryGet(out var multiplexer) ? multiplexer.GetDatabase() : throw new RedisNotConnectedException();

    /// <summary>Whether keys of different slots must go in different calls.</summary>
    public bool IsCluster
    {
        get
        {
            if (!TryGet(out var multiplexer))
            {
                return false;
            }

            foreach (var endPoint in multiplexer.GetEndPoints())
            {
                if (multiplexer.GetServer(endPoint).ServerType == ServerType.Cluster)
                {
                    return true;
                }
            }

            return false;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        try
        {
            (await _connecting).Dispose();
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // It never connected; there is nothing to close.
        }

        _stop.Dispose();
    }

    /// <summary>Asks the servers anew who of them is the primary. Never fails.</summary>
    public async Task LookAgainAsync()
    {
        if (_connecting.IsCompletedSuccessfully)
        {
            try
            {
                await _connecting.Result.ConfigureAsync();
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException)
            {
                // Calls tell of an outage; whoever needs to know looks again.
                return;
            }
        }
    }

    [return: NotNullIfNotNull(nameof(endPoint))]
    private static string? Name(EndPoint? endPoint) => endPoint is DnsEndPoint named ? $"{named.Host}:{named.Port}" : endPoint?.ToString();

    private bool TryGet([NotNullWhen(true)] out ConnectionMultiplexer? multiplexer)
    {
        multiplexer = _connecting.IsCompletedSuccessfully ? _connecting.Result : null;
        return multiplexer is { IsConnected: true };
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        while (true)
        {
            try
            {
                var multiplexer = await ConnectionMultiplexer.ConnectAsync(_options);
                multiplexer.ConnectionFailed += (_, e) => OnLost(Name(e.EndPoint), e.FailureType);
                multiplexer.ConnectionRestored += (_, e) => OnConnected(Name(e.EndPoint));
                if (multiplexer.IsConnected)
                {
                    OnConnected(null);
                }
                else
                {
                    OnLost(null, ConnectionFailureType.UnableToConnect);
                }

                return multiplexer;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever it is (a name that no longer resolves is not the client's own exception), it may pass.
                OnLost(null, exception is RedisConnectionException { FailureType: var failure } ? failure : ConnectionFailureType.UnableToConnect);
                await Task.Delay(ConnectAgainAfter, _time, _stop.Token);
            }
        }
    }

    private void OnLost(string? endPoint, ConnectionFailureType failure)
    {
        // The client reports every attempt; an outage is one event.
        if (Interlocked.Exchange(ref _lost, 1) == 0)
        {
            _logger.RedisDisconnected(endPoint ?? _endPoints, failure);
        }
    }

    private void OnConnected(string? endPoint)
    {
        Interlocked.Exchange(ref _lost, 0);
        _logger.RedisConnected(endPoint ?? _endPoints);
    }
}
