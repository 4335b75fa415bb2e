namespace PromptCache.Core.Requests;

/// <summary>Why a request is refused, in the words of OpenAI's error object.</summary>
/// <param name="Message">One sentence for the person who sent it.</param>
/// <param name="Param">The path of the field, such as <c>messages[3].content[1].cache_control</c>; null when the body as a whole is at fault.</param>
/// <param name="Code">A stable word for programs, such as <c>invalid_type</c>.</param>
public sealed record RequestError(string Message, string? Param, string Code);
