using System.Buffers;
using PromptCache.Core.Requests;

namespace PromptCache.Providers;

/// <summary>Chat completion to the provider's own request. Deterministic: the same input gives the same bytes. Stateless.</summary>
public interface IRequestTranslator
{
    /// <summary>Writes the provider's request body for a chat-completion body.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="model">The model's name as the provider knows it.</param>
    /// <param name="output">Where the body goes.</param>
    /// <returns>Null on success, else what cannot be translated.</returns>
    RequestError? Translate(PromptRequest request, string model, IBufferWriter<byte> output);
}
