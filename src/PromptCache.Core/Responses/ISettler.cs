using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>Turns what the upstream reported into the final figures. Called once per response: with a body's usage, or with the last one of a stream when nothing can follow any more.</summary>
public interface ISettler
{
    /// <param name="reported">The upstream's figures, source <see cref="CountSource.Provider"/>; null when it sent none.</param>
    /// <param name="completion">The generated text seen so far (content, reasoning and tool-call arguments), for counting where the upstream reported nothing.</param>
    /// <param name="cancellationToken">The client left.</param>
    ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken);
}
