namespace PromptCache.Providers.Anthropic;

/// <summary>Anthropic's Messages API. Its OpenAI-compatible route does not cache prompts, so chat completions are translated.</summary>
public sealed class AnthropicProtocol : IWireProtocol
{
    /// <inheritdoc/>
    public string Name => "anthropic";

    /// <inheritdoc/>
    public (string Header, string Prefix) KeyHeader => ("x-api-key", "");

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; } = [new("anthropic-version", "2023-06-01")];

    /// <inheritdoc/>
    public IRequestTranslator? Request { get; } = new AnthropicRequestTranslator();

    /// <inheritdoc/>
    public string PathFor(string model, bool stream) => "/v1/messages";

    /// <inheritdoc/>
    public IResponseTranslator? CreateResponse(in ResponseTranslation options) => new AnthropicResponseTranslator(options);

    /// <inheritdoc/>
    /// <remarks>529 (overloaded) is Anthropic's own; OpenAI's clients know 503 and try again.</remarks>
    public int StatusFor(int status) => status == 529 ? 503 : status;
}
