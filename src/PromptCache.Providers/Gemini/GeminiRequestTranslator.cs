using System.Buffers;
using PromptCache.Core.Requests;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Chat completion to <c>generateContent</c>.</summary>
/// <remarks>
/// The order is tools, system instruction, contents, and then everything else: the bytes up to a conversation's end are the beginning of the bytes of its next turn.
///   (1) Refuse what has no counterpart
///   (2) Tools, system instruction and contents
///   (3) The choice among the tools, and the other parameters
/// </remarks>
internal sealed class GeminiRequestTranslator : IRequestTranslator
{
    /// <inheritdoc/>
    public RequestError? Translate(PromptRequest request, string model, IBufferWriter<byte> output)
    {
        var json = new JsonOut(output);
        json.BeginObject();
        var error = Check(request, out var reasoning)                                                                                       // (1)
            ?? WritePrompt(request, model, default, json, json);                                                                            // (2)
        if (error is null && HasTools(request))
        {
            error = GeminiToolChoice.Write(json, GeminiParameters.Get(request, "tool_choice"));                                             // (3)
        }

        GeminiParameters.Write(json, request, GeminiModels.Find(model), reasoning);
        json.EndObject();
        return error;
    }

    /// <summary>Says what is wrong with a request, before anything is written.</summary>
    public static RequestError? Check(PromptRequest request, out ChatReasoning reasoning)
    {
        reasoning = default;
        return !JsonValue.TryParse(request.Body.Span, out _)
            ? new("The body is not valid JSON, or nested too deeply.", null, "invalid_json")
            : GeminiParameters.Check(request)
                ?? ChatReasoning.Read(GeminiParameters.Get(request, "reasoning_effort"), GeminiParameters.Get(request, "reasoning"), out reasoning);
    }

    /// <summary>Writes tools, system instruction and contents: up to the cut into one place, behind it into another.</summary>
    public static RequestError? WritePrompt(PromptRequest request, string model, GeminiCut cut, JsonOut prefix, JsonOut rest)
        => GeminiTools.Write(prefix, GeminiParameters.Get(request, "tools"))
            ?? new GeminiConversation(GeminiModels.Find(model), new GeminiContentWriter(prefix), cut, rest).Write(GeminiParameters.Get(request, "messages"));

    /// <summary>Whether there are tools: a choice among none is refused.</summary>
    public static bool HasTools(PromptRequest request) => GeminiParameters.Get(request, "tools").Items().MoveNext();
}
