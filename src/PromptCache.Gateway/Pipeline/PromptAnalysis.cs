using PromptCache.Core.Blocks;
using PromptCache.Core.Policies;
using PromptCache.Core.Store;
using PromptCache.Core.Tokens;

namespace PromptCache.Gateway.Pipeline;

/// <summary>What is known of a prompt once the store has answered.</summary>
internal sealed record PromptAnalysis(BlockChain Chain, CachePlan Plan, PrefixMatch Match, CacheDecision Decision, ModelTokenizer Tokenizer);
