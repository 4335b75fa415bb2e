using PromptCache.Core.Tokens;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Hosting;

/// <summary>How a gateway is started.</summary>
internal sealed record ServeSettings
{
    public const string DefaultUrls = "http://127.0.0.1:8080";

    /// <summary>Where it listens, separated by <c>;</c>.</summary>
    public string Urls { get; init; } = DefaultUrls;

    /// <summary>The configuration file; null: <c>./promptcache.json</c> where there is one.</summary>
    public string? ConfigPath { get; init; }

    /// <summary>The configuration itself, for programs that have no file; the environment is then not looked at.</summary>
    public string? ConfigText { get; init; }

    /// <summary>The vocabularies.</summary>
    public ITokenizerCatalog Tokenizers { get; init; } = new TokenizerCatalog();

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>A further receiver of log events.</summary>
    public ILoggerProvider? Logs { get; init; }

    /// <summary>Silent below this level.</summary>
    public LogLevel LogLevel { get; init; } = LogLevel.Information;
}
