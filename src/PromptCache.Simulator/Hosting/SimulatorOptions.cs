using System.ComponentModel.DataAnnotations;
using PromptCache.Core.Tokens;

namespace PromptCache.Simulator.Hosting;

/// <summary>How the simulated provider behaves. Most settings can also be given per request, by the header named beside them.</summary>
public sealed record SimulatorOptions
{
    /// <summary>Where <see cref="SimulatorHost"/> listens.</summary>
    /// <value>The default is a free port on the loopback interface.</value>
    public string Url { get; set; } = "http://127.0.0.1:0";

    /// <summary>The caching rules of the OpenAI-shaped endpoint (<c>x-sim-policy</c>).</summary>
    /// <value>electron, openai, openai-5.6, deepseek, xai, qwen, moonshot, zai, mistral, groq, fireworks, openrouter, infron, vllm, sglang, llamacpp or none. The default is electron.</value>
    [Required]
    public string Policy { get; set; } = "electron";

    /// <summary>How the OpenAI-shaped endpoint reports usage (<c>x-sim-usage</c>).</summary>
    /// <value>A shape's name; null, the default, is the policy's own.</value>
    public string? Usage { get; set; }

    /// <summary>The length of a completion, where the request does not cap it (<c>x-sim-completion-tokens</c>).</summary>
    /// <value>From 0 to 1,000,000 tokens. The default is 200.</value>
    [Range(0, 1_000_000)]
    public int CompletionTokens { get; set; } = 200;

    /// <summary>Tokens thought before the completion (<c>x-sim-reasoning-tokens</c>).</summary>
    /// <value>From 0 to 1,000,000 tokens. The default is 0.</value>
    [Range(0, 1_000_000)]
    public int ReasoningTokens { get; set; }

    /// <summary>The wait before the first token, in milliseconds (<c>x-sim-first-token-delay</c>).</summary>
    /// <value>From 0 to 600,000 ms. The default is 0.</value>
    [Range(0, 600_000)]
    public double FirstTokenDelayMs { get; set; }

    /// <summary>The rate of a completion (<c>x-sim-tokens-per-second</c>).</summary>
    /// <value>From 0 to 1,000,000 tokens per second. The default, 0, is as fast as possible.</value>
    [Range(0, 1_000_000)]
    public double TokensPerSecond { get; set; }

    /// <summary>Tokens in one streamed chunk (<c>x-sim-tokens-per-chunk</c>).</summary>
    /// <value>From 1 to 100,000. The default is 1.</value>
    [Range(1, 100_000)]
    public int TokensPerChunk { get; set; } = 1;

    /// <summary>The tools that the model calls, separated by commas, where the request defines them (<c>x-sim-tool-call</c>).</summary>
    public string? ToolCall { get; set; }

    /// <summary>What goes wrong (<c>x-sim-error</c>): a status of 400 and above, or a fault's name.</summary>
    public string? Error { get; set; }

    /// <summary>The events of a stream that arrive before it goes wrong (<c>x-sim-error-after</c>).</summary>
    /// <value>From 0 to 1,000,000. The default is 3.</value>
    [Range(0, 1_000_000)]
    public int ErrorAfter { get; set; } = 3;

    /// <summary>How many requests go wrong before the provider recovers; null, the default: all. For <see cref="Error"/> only, not for the header.</summary>
    public int? ErrorTimes { get; set; }

    /// <summary>Whether a request field that the provider does not know is a 400 (<c>x-sim-strict</c>, 1 or 0); null, the default: as the policy's provider does.</summary>
    public bool? Strict { get; set; }

    /// <summary>Whether prompts are tokenized and cached. Without, four bytes are a token: for load tests that measure something else.</summary>
    /// <value>The default is true.</value>
    public bool CountTokens { get; set; } = true;

    /// <summary>How many requests are kept for inspection, the newest ones.</summary>
    /// <value>From 0 to 100,000. The default, 0, keeps none.</value>
    [Range(0, 100_000)]
    public int RecordRequests { get; set; }

    /// <summary>What <c>/v1/models</c> lists.</summary>
    public IList<string> Models { get; set; } = [];

    /// <summary>US dollars per million tokens, for the shapes that report a cost.</summary>
    public decimal InputPrice { get; set; } = 0.40m;

    /// <inheritdoc cref="InputPrice"/>
    public decimal CacheReadPrice { get; set; } = 0.10m;

    /// <inheritdoc cref="InputPrice"/>
    public decimal CacheWritePrice { get; set; } = 0.40m;

    /// <inheritdoc cref="InputPrice"/>
    public decimal OutputPrice { get; set; } = 1.60m;

    /// <summary>The encodings; null, the default: those that ship.</summary>
    public ITokenizerCatalog? Tokenizers { get; set; }
}
