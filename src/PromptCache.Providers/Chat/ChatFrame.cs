using PromptCache.Providers.Json;

namespace PromptCache.Providers.Chat;

/// <summary>What stands around the choices of a completion or a chunk.</summary>
internal static class ChatFrame
{
    /// <summary>Begins the object; what follows stands inside <c>choices</c>.</summary>
    /// <param name="json">Where to.</param>
    /// <param name="kind">The value of <c>object</c>, quoted.</param>
    /// <param name="id">The response's own id, if it has one.</param>
    /// <param name="options">The id otherwise, the model's name and the time.</param>
    public static void Begin(JsonOut json, ReadOnlySpan<byte> kind, JsonValue id, ResponseTranslation options)
    {
        json.BeginObject();
        json.Name("id"u8);
        if (id.Text.IsEmpty)
        {
            json.Text(options.RequestId);
        }
        else
        {
            json.Raw(id.Raw);
        }

        json.Member("object"u8, kind);
        json.Member("created"u8, options.Created);
        json.Name("model"u8);
        json.Text(options.Model);
        json.Name("choices"u8);
        json.BeginArray();
    }

    /// <summary>Closes <c>choices</c> and the object, with the figures where there are any.</summary>
    public static void End(JsonOut json, IChatUsage? usage = null)
    {
        json.EndArray();
        if (usage is { Any: true })
        {
            json.Name("usage"u8);
            usage.Write(json);
        }

        json.EndObject();
    }
}
