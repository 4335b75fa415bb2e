namespace PromptCache.Gateway.Configuration;

/// <summary>Holds the configuration in force. A changed file is read whole: a valid one replaces it at once, an invalid one is reported and changes nothing.</summary>
internal sealed class GatewayModelSource : IDisposable
{
    private readonly ConfigurationFile _file;
    private readonly ILogger _logger;
    private readonly ConfigurationWatcher? _watcher;
    private readonly Lock _gate = new();
    private volatile GatewayModel _current;

    public GatewayModelSource(ConfigurationFile file, GatewayModel first, ILogger<GatewayModelSource> logger)
    {
        (_file, _current, _logger) = (file, first, logger);
        if (file.Path is not null)
        {
            _watcher = new ConfigurationWatcher(file, () => Reload());
        }
    }

    /// <summary>What a request that begins now works with.</summary>
    public GatewayModel Current => _current;

    /// <summary>What the last reload found wrong; empty when it was accepted.</summary>
    public IReadOnlyList<string> LastErrors { get; private set; } = [];

    /// <summary>Called after a new configuration is in force.</summary>
    public Action<GatewayModel>? Changed { get; set; }

    /// <summary>Reads the file again.</summary>
    /// <returns>Whether it was accepted.</returns>
    public bool Reload()
    {
        lock (_gate)
        {
            var (model, errors) = _file.Read();
            LastErrors = errors;
            if (model is null)
            {
                _logger.ConfigurationRefused(_file.Origin, string.Join("; ", errors));
                return false;
            }

            _current = model;
            _logger.ConfigurationAccepted(_file.Origin, model.Providers.Count, model.Routes.Length);
            Changed?.Invoke(model);
            return true;
        }
    }

    public void Dispose() => _watcher?.Dispose();
}
