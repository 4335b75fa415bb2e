using System.Diagnostics.CodeAnalysis;

namespace PromptCache.Core.Requests;

/// <summary>Reads a chat-completion body into a <see cref="PromptRequest"/>.</summary>
public static class PromptRequestReader
{
    /// <summary>Reads the body; on failure says which field is at fault.</summary>
    public static bool TryRead(ReadOnlyMemory<byte> body, [NotNullWhen(true)] out PromptRequest? request, [NotNullWhen(false)] out RequestError? error)
        => throw new NotSupportedException();
}
