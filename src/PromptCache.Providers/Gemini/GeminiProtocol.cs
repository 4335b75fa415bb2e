namespace PromptCache.Providers.Gemini;

/// <summary>Google's Gemini API, <c>generateContent</c>. Its OpenAI-compatible route keeps no thought signatures and creates no caches, so chat completions are translated.</summary>
public sealed class GeminiProtocol : IWireProtocol
{
    private const string Version = "/v1beta/";

    /// <inheritdoc/>
    public string Name => "gemini";

    /// <inheritdoc/>
    public (string Header, string Prefix) KeyHeader => ("x-goog-api-key", "");

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <inheritdoc/>
    public IRequestTranslator? Request { get; } = new GeminiRequestTranslator();

    /// <inheritdoc/>
    public IPrefixCaches? PrefixCaches { get; } = new GeminiPrefixCaches();

    /// <inheritdoc/>
    public string PathFor(string model, bool stream)
        => Version + GeminiModels.ResourceName(model) + (stream ? ":streamGenerateContent?alt=sse" : ":generateContent");

    /// <inheritdoc/>
    public IResponseTranslator? CreateResponse(in ResponseTranslation options) => new GeminiResponseTranslator(options);
}
