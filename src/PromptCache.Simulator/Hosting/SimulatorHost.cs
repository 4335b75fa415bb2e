namespace PromptCache.Simulator.Hosting;

/// <summary>A running simulator on a port of its own.</summary>
public sealed class SimulatorHost : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SimulatorEngine _engine;

    private SimulatorHost(WebApplication app, SimulatorEngine engine)
    {
        _app = app;
        _engine = engine;
        BaseUrl = app.Urls.First();
    }

    /// <summary>Where it listens, without a path and without a slash at the end.</summary>
    public string BaseUrl { get; }

    /// <summary>The newest requests in the order of their arrival, at most <see cref="SimulatorOptions.RecordRequests"/>.</summary>
    public IReadOnlyList<RecordedRequest> Requests => _engine.Log.Kept;

    /// <summary>How many requests have arrived.</summary>
    public long ArrivedRequests => _engine.Log.Arrived;

    /// <summary>How many requests the client gave up before they were answered.</summary>
    public long AbortedRequests => _engine.Log.Aborted;

    /// <summary>The settings in force. Setting them leaves the caches as they are.</summary>
    /// <exception cref="ArgumentException">A setting is out of its range, or a name in the settings is unknown.</exception>
    public SimulatorOptions Options
    {
        get => _engine.Options;
        set => _engine.Configure(value);
    }

    /// <summary>Starts a simulator.</summary>
    /// <param name="options">How it behaves.</param>
    /// <param name="time">The clock of cache entries and delays; null: the system's.</param>
    /// <param name="cancellationToken">Gives up starting.</param>
    /// <exception cref="ArgumentException">A setting is out of its range, or a name in the settings is unknown.</exception>
    public static async Task<SimulatorHost> StartAsync(SimulatorOptions options, TimeProvider? time = null, CancellationToken cancellationToken = default)
    {
        var engine = new SimulatorEngine(options, time ?? TimeProvider.System);

        // An empty host: nothing in the environment or in a file of the caller's can change what a test sees.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls(options.Url).ConfigureKestrel(static kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = null;
        });
        builder.Services.AddRoutingCore();

        var app = builder.Build();
        app.UseRouting();
        app.MapSimulator(engine);
        try
        {
            await app.StartAsync(cancellationToken);
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }

        return new(app, engine);
    }

    /// <summary>Waits until so many requests have arrived, counted from the start or the last <see cref="Clear"/>.</summary>
    public Task WaitForRequestsAsync(long count, CancellationToken cancellationToken = default)
        => _engine.Log.WaitAsync(log => log.Arrived >= count, cancellationToken);

    /// <summary>Waits until so many requests were given up by the client.</summary>
    public Task WaitForAbortsAsync(long count, CancellationToken cancellationToken = default)
        => _engine.Log.WaitAsync(log => log.Aborted >= count, cancellationToken);

    /// <summary>Forgets the requests and every cached prefix.</summary>
    public void Clear()
    {
        _engine.Log.Clear();
        _engine.ClearCaches();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
