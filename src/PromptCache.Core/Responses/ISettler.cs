using PromptCache.Core.Usage;

namespace PromptCache.Core.Responses;

/// <summary>Turns what the upstream reported into the final figures. Called once per response: with a body's usage, or with the last one of a stream when nothing can follow any more.</summary>
public interface ISettler
{
    /// <param name="reported">The upstream's figures, source <see cref="CountSource.Provider"/>, or <see cref="CountSource.Estimated"/> of a stream that never came to its report; null when it sent none.</param>
    /// <param name="completion">The generated text seen so far (content, reasoning and tool-call arguments), for counting where the upstream reported nothing.</param>
    /// <param name="cancellationToken">The client left.</param>
    ValueTask<Settlement> SettleAsync(TokenUsage? reported, ReadOnlyMemory<byte> completion, CancellationToken cancellationToken);

    /// <summary>The figures by what is known at this moment, for what a stream says before its end: it settles nothing and waits for nothing.</summary>
    /// <returns>Null: nothing can be said.</returns>
    Settlement? Preview(TokenUsage? reported) => null;
}
