using System.Security.Cryptography;
using System.Text;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Ids for function calls that come without one; no two responses give the same.</summary>
internal sealed class GeminiCallIds(ResponseTranslation options)
{
    private string? _stem;
    private int _count;

    /// <summary>The call's own id, or a new one, as a JSON string.</summary>
    public byte[] Of(JsonValue call, JsonValue responseId)
    {
        var id = call.Get("id"u8);
        if (!id.Text.IsEmpty)
        {
            return id.Raw.ToArray();
        }

        _stem ??= Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(options.RequestId), .. responseId.Text])[..9]);
        return Encoding.ASCII.GetBytes($"\"call_{_stem}_{_count++}\"");
    }
}
