namespace PromptCache.Providers.OpenAI;

/// <summary>OpenAI's chat completions, the gateway's own language: nothing is translated.</summary>
public sealed class OpenAIProtocol : IWireProtocol
{
    /// <inheritdoc/>
    public string Name => "openai";

    /// <inheritdoc/>
    public (string Header, string Prefix) KeyHeader => ("Authorization", "Bearer ");

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, string>> Headers => [];

    /// <inheritdoc/>
    public IRequestTranslator? Request => null;

    /// <inheritdoc/>
    public string PathFor(string model, bool stream) => "/chat/completions";

    /// <inheritdoc/>
    public IResponseTranslator? CreateResponse(in ResponseTranslation options) => null;
}
