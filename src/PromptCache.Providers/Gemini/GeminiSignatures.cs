using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>
/// Thought signatures between the turns. A function call's travels on the call, as in Google's own OpenAI-compatible route
/// (<c>extra_content.google.thought_signature</c>), and again in <c>reasoning_details</c> for clients that keep only those; a text's only there.
/// </summary>
internal static class GeminiSignatures
{
    private const string Format = "google-gemini-v1";

    /// <summary>What Google documents for calls that no signature is known of: another model made them, or the client dropped it.</summary>
    public static ReadOnlySpan<byte> Unknown => "\"skip_thought_signature_validator\""u8;

    /// <summary>Writes the signature on a tool call that is open.</summary>
    public static void WriteOnCall(JsonOut json, JsonValue signature)
    {
        if (!signature.Text.IsEmpty)
        {
            json.Name("extra_content"u8);
            json.BeginObject();
            json.Name("google"u8);
            json.BeginObject();
            json.Member("thought_signature"u8, signature.Raw);
            json.EndObject();
            json.EndObject();
        }
    }

    /// <summary>Writes an entry of <c>reasoning_details</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="signature">The signature.</param>
    /// <param name="callId">The id of the tool call that it belongs to; null: it belongs to the text.</param>
    /// <param name="index">The entry's number.</param>
    public static void WriteDetail(JsonOut json, JsonValue signature, byte[]? callId, int index)
    {
        json.BeginObject();
        json.Member("type"u8, "\"reasoning.encrypted\""u8);
        json.Member("data"u8, signature.Raw);
        if (callId is not null)
        {
            json.Member("id"u8, callId);
        }

        json.Name("format"u8);
        json.Text(Format);
        json.Member("index"u8, index);
        json.EndObject();
    }

    /// <summary>The signature of a call that a client sends back; absent when there is none.</summary>
    public static JsonValue OfCall(JsonValue call, JsonValue details)
    {
        var own = call.Get("extra_content"u8).Get("google"u8).Get("thought_signature"u8);
        return own.Text.IsEmpty ? Find(details, call.Get("id"u8)) : own;
    }

    /// <summary>The signature of a message's text; absent when there is none.</summary>
    public static JsonValue OfText(JsonValue details) => Find(details, default);

    private static JsonValue Find(JsonValue details, JsonValue callId)
    {
        JsonValue found = default;
        var items = details.Items();
        while (items.MoveNext())
        {
            var detail = items.Value;
            var id = detail.Get("id"u8);
            var belongs = callId.IsString ? id.Raw.SequenceEqual(callId.Raw) : id.IsNothing;
            if (belongs && detail.Get("type"u8).Is("reasoning.encrypted"u8) && detail.Get("format"u8).Text.StartsWith("google"u8) && !detail.Get("data"u8).Text.IsEmpty)
            {
                found = detail.Get("data"u8);
            }
        }

        return found;
    }
}
