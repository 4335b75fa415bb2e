namespace PromptCache.Providers;

/// <summary>A protocol that upstreams speak. The gateway's own language is OpenAI's chat completions; a protocol translates from it and back.</summary>
public interface IWireProtocol
{
    /// <summary>The name in the configuration: <c>openai</c>, <c>anthropic</c>, <c>gemini</c>.</summary>
    string Name { get; }

    /// <summary>The path and query below the provider's base URL to which a chat request goes.</summary>
    string PathFor(string model, bool stream);

    /// <summary>The header that carries the key, and what stands before the key in it.</summary>
    (string Header, string Prefix) KeyHeader { get; }

    /// <summary>Headers that every request needs, such as <c>anthropic-version</c>.</summary>
    IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    /// <summary>The translator of requests; null when the bytes go as they are.</summary>
    IRequestTranslator? Request { get; }

    /// <summary>A translator for one response; null when the bytes come as they are.</summary>
    IResponseTranslator? CreateResponse(in ResponseTranslation options);

    /// <summary>How the provider keeps prefixes under names; null when it does not.</summary>
    IPrefixCaches? PrefixCaches => null;

    /// <summary>The status that the client sees for an upstream's status that its own protocol does not know.</summary>
    int StatusFor(int status) => status;
}
