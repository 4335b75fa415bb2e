using PromptCache.Core.Tokens;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Engines;

/// <summary>Holds the prefix engine in force; a reload that changes the store's settings brings a new one, and the old store is closed when the last request that uses it has ended.</summary>
internal sealed class PrefixEngineSource : IAsyncDisposable
{
    private readonly GatewayModelSource _configuration;
    private readonly StoreFactory _factory;
    private readonly ITokenizerCatalog _tokenizers;
    private readonly CountingThreads _counting;
    private readonly TimeProvider _time;
    private volatile EngineLease _current;

    public PrefixEngineSource(GatewayModelSource configuration, StoreFactory factory, ITokenizerCatalog tokenizers, CountingThreads counting, TimeProvider time)
    {
        (_configuration, _factory, _tokenizers, _counting, _time) = (configuration, factory, tokenizers, counting, time);
        _current = Create(configuration.Current.Store);
        configuration.Changed += OnChanged;
    }

    public PrefixEngine Current => _current.Engine;

    public StoreHandle Store => _current.Store;

    /// <summary>The engine in force, kept open until the lease is disposed.</summary>
    public EngineLease Lease()
    {
        while (true)
        {
            var current = _current;
            if (current.TryEnter())
            {
                return current;
            }
        }
    }

    public ValueTask DisposeAsync()
    {
        _configuration.Changed -= OnChanged;
        return _current.Store.DisposeAsync();
    }

    private void OnChanged(GatewayModel model)
    {
        var old = _current;
        if (model.Store != old.Settings)
        {
            _current = Create(model.Store);
            old.Dispose();
        }
    }

    private EngineLease Create(StoreModel settings)
    {
        var store = _factory.Create(settings);
        return new EngineLease(settings, store, new PrefixEngine(settings, store.Store, store.Notes, _tokenizers, _counting, _time));
    }
}
