namespace PromptCache.Simulator.Caching;

/// <summary>One text in tokens: a digest for each run of at most <see cref="PromptMeter.BlockTokens"/> tokens.</summary>
internal sealed record MeasuredText(int Tokens, UInt128[] Blocks);
