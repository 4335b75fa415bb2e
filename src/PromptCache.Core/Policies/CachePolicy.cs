using System.Collections.Immutable;

namespace PromptCache.Core.Policies;

/// <summary>A provider's caching rules, as data.</summary>
public sealed record CachePolicy
{
    public required string Name { get; init; }

    public CacheMode Mode { get; init; } = CacheMode.Implicit;

    /// <summary>The shortest prefix that is cached, in tokens.</summary>
    public int MinTokens { get; init; }

    /// <summary>The shortest prefix that a marker caches, where it differs from what the provider caches by itself (Qwen); null: <see cref="MinTokens"/>.</summary>
    public int? ExplicitMinTokens { get; init; }

    /// <summary>Cached counts are multiples of this (implicit mode).</summary>
    public int StepTokens { get; init; } = 1;

    /// <summary>Tokens at a prompt's end that are computed anew however well the prompt is known: an inference engine needs the last one's logits. They are never read.</summary>
    public int RecomputedTokens { get; init; }

    /// <summary>How long an entry lives after its last use.</summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The longer lifetime that a marker can ask for, or at an implicit policy the whole request (<c>prompt_cache_retention: "24h"</c>); null: there is none.</summary>
    public TimeSpan? TtlExtended { get; init; }

    /// <summary>Whether a change of <c>tool_choice</c>, of the presence of images or of reasoning parameters loses the messages level, and one of speed, of web search or of citations the system level too (Anthropic). Elsewhere an image that joins a conversation loses nothing before it.</summary>
    public bool MessagesSalt { get; init; }

    /// <summary>Whether a user turn that is no tool result makes the model forget what it thought before (Anthropic's older models): the messages are lost from there on.</summary>
    public bool DropsThinking { get; init; }

    /// <summary>Whether what markers cached and what the provider caches by itself are two caches (<see cref="CacheMode.Both"/>), of which a request uses one: neither is found in the other (Qwen).</summary>
    public bool SeparateModes { get; init; }

    /// <summary>Whether the provider itself puts a breakpoint on the latest message, marked or not, unless the request switches that off (OpenAI from GPT-5.6).</summary>
    public bool AutomaticBreakpoint { get; init; }

    /// <summary>Whether a prompt that is known to its end reads as cached to its end, whatever the step (Moonshot).</summary>
    public bool WholeOnResend { get; init; }

    /// <summary>How many breakpoints count, the automatic one included; 0: no limit.</summary>
    public int MaxBreakpoints { get; init; } = 4;

    public ExcessRule OnExcess { get; init; } = ExcessRule.Reject;

    /// <summary>How many segments are looked at from each breakpoint, the marked one included; 0: no limit.</summary>
    public int LookbackBlocks { get; init; } = 20;

    /// <summary>The same, with an end for what has no limit: a shared store is asked for every one of these places.</summary>
    public int Reach => LookbackBlocks == 0 ? 512 : LookbackBlocks;

    /// <summary>Price of a write as a multiple of the input price, where the price book has none.</summary>
    public decimal Write { get; init; } = 1m;

    public decimal WriteExtended { get; init; } = 1m;

    /// <summary>Price of a read as a multiple of the input price, where the price book has none; null: unknown.</summary>
    public decimal? Read { get; init; }

    /// <summary>The same for what a marker cached, where it differs (Qwen); null: <see cref="Read"/>.</summary>
    public decimal? ExplicitRead { get; init; }

    public ImmutableArray<ModelRule> Models { get; init; } = [];

    /// <summary>Where the rules come from.</summary>
    public string? Source { get; init; }
}
