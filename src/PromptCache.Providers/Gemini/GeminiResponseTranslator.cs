using System.Buffers;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>One response to a chat completion, whole or streamed.</summary>
/// <remarks>Every part that comes in goes out at once. Gemini's streams have no last event: one that ended after every choice was finished is complete.</remarks>
internal sealed class GeminiResponseTranslator : IResponseTranslator
{
    private readonly GeminiUsage _usage = new();
    private readonly SortedDictionary<long, GeminiCandidate> _candidates = [];
    private readonly ResponseTranslation _options;
    private readonly ChatChunks _chat;
    private readonly GeminiChunks _chunks;
    private readonly GeminiCallIds _ids;
    private bool _done;

    public GeminiResponseTranslator(ResponseTranslation options)
    {
        _options = options;
        _chat = new ChatChunks(options);
        _chunks = new GeminiChunks(_chat);
        _ids = new GeminiCallIds(options);
    }

    /// <inheritdoc/>
    public void TranslateBody(ReadOnlySpan<byte> body, IBufferWriter<byte> output)
    {
        if (!JsonValue.TryParse(body, out var response) || !(response.Get("candidates"u8).IsArray || response.Get("promptFeedback"u8).IsObject || response.Get("usageMetadata"u8).IsObject))
        {
            // Nothing that could be translated: the client sees what came.
            output.Write(body);
            return;
        }

        new GeminiCompletion(new JsonOut(output), _options).Write(response, _usage);
    }

    /// <inheritdoc/>
    public void TranslateEvent(ReadOnlySpan<byte> sseEvent, IBufferWriter<byte> output)
    {
        using var text = new EventData(sseEvent);
        if (!text.Exists || _done)
        {
            return;
        }

        if (JsonValue.TryParse(text.Span, out var data) && (data.IsObject || data.IsArray))
        {
            Translate(data, output);
        }
        else
        {
            output.Write(": the provider sent an event that is not JSON\n\n"u8);
        }
    }

    /// <inheritdoc/>
    public void Complete(IBufferWriter<byte> output)
    {
        if (_done)
        {
            return;
        }

        _done = true;
        var isWhole = _candidates.Count > 0 && _candidates.Values.All(c => c.Finished);
        if (isWhole || _usage.CountsOutput)
        {
            // Of a stream that was cut, the last running total says what was generated until then, thoughts included.
            _chat.Usage(output, _usage);
        }

        if (isWhole)
        {
            ChatChunks.Done(output);
        }
    }

    /// <inheritdoc/>
    public void TranslateError(int status, ReadOnlySpan<byte> body, IBufferWriter<byte> output)
        => GeminiErrors.Write(new JsonOut(output), status, body);

    private void Translate(JsonValue data, IBufferWriter<byte> output)
    {
        if (data.IsArray || data.Get("error"u8).IsObject)
        {
            output.Write("data: "u8);
            GeminiErrors.Write(new JsonOut(output), 0, data.Raw);
            output.Write("\n\n"u8);
            _done = true;
            return;
        }

        var id = data.Get("responseId"u8);
        _chat.Learn(id);
        _usage.Set(data.Get("usageMetadata"u8));
        var candidates = data.Get("candidates"u8).Items();
        while (candidates.MoveNext())
        {
            TranslateCandidate(candidates.Value, candidates.Value.Get("index"u8).TryGetInt64(out var index) ? index : candidates.Index, id, output);
        }

        var blocked = data.Get("promptFeedback"u8).Get("blockReason"u8);
        if (blocked.IsString && _candidates.Count == 0)
        {
            _candidates[0] = new GeminiCandidate { Started = true, Finished = true };
            _chat.Role(output);
            _chunks.Refusal(output, blocked);
            _chat.Finish(output, GeminiFinishReason.ContentFilter);
        }
    }

    private void TranslateCandidate(JsonValue data, long index, JsonValue responseId, IBufferWriter<byte> output)
    {
        if (!_candidates.TryGetValue(index, out var candidate))
        {
            _candidates[index] = candidate = new GeminiCandidate();
        }

        if (!candidate.Started)
        {
            candidate.Started = true;
            _chat.Role(output, index);
        }

        var parts = data.Get("content"u8).Get("parts"u8).Items();
        while (parts.MoveNext())
        {
            TranslatePart(parts.Value, index, candidate, responseId, output);
        }

        if (GeminiLogprobs.Has(data))
        {
            _chunks.Logprobs(output, index, data);
        }

        var reason = data.Get("finishReason"u8);
        if (reason.IsString && !candidate.Finished)
        {
            candidate.Finished = true;
            _chat.Finish(output, GeminiFinishReason.ToFinishReason(reason, candidate.Calls > 0), index);
        }
    }

    private void TranslatePart(JsonValue part, long index, GeminiCandidate candidate, JsonValue responseId, IBufferWriter<byte> output)
    {
        byte[]? callId = null;
        var text = part.Get("text"u8);
        var call = part.Get("functionCall"u8);
        if (!text.Text.IsEmpty)
        {
            _chat.Text(output, GeminiMessageParts.IsThought(part) ? "reasoning_content"u8 : "content"u8, text, index);
        }
        else if (call.IsObject)
        {
            callId = _ids.Of(call, responseId);
            _chunks.Call(output, index, part, callId, candidate.Calls++);
        }
        else if (part.Get("inlineData"u8).IsObject)
        {
            _chunks.Image(output, index, part.Get("inlineData"u8));
        }

        var signature = part.Get("thoughtSignature"u8);
        if (!signature.Text.IsEmpty)
        {
            _chunks.Signature(output, index, signature, callId, candidate.Details++);
        }
    }
}
