using PromptCache.Core.Tokens;
using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Holds the prefix engine in force; a reload that changes the store's settings brings a new one.</summary>
internal sealed class PrefixEngineSource : IAsyncDisposable
{
    private readonly GatewayModelSource _configuration;
    private readonly StoreFactory _factory;
    private readonly ITokenizerCatalog _tokenizers;
    private volatile Holder _current;

    public PrefixEngineSource(GatewayModelSource configuration, StoreFactory factory, ITokenizerCatalog tokenizers)
    {
        (_configuration, _factory, _tokenizers) = (configuration, factory, tokenizers);
        _current = Create(configuration.Current.Store);
        configuration.Changed += OnChanged;
    }

    public PrefixEngine Current => _current.Engine;

    public StoreHandle Store => _current.Store;

    public ValueTask DisposeAsync()
    {
        _configuration.Changed -= OnChanged;
        return _current.Store.DisposeAsync();
    }

    private void OnChanged(GatewayModel model)
    {
        if (model.Store != _current.Settings)
        {
            // The old store is left to requests that still use it; it holds no thread and ends with its last reference.
            _current = Create(model.Store);
        }
    }

    private Holder Create(StoreModel settings)
    {
        var store = _factory.Create(settings);
        return new Holder(settings, store, new PrefixEngine(settings, store.Store, store.Notes, _tokenizers));
    }

    private sealed record Holder(StoreModel Settings, StoreHandle Store, PrefixEngine Engine);
}
