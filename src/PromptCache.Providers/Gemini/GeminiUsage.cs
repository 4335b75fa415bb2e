using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Gemini;

/// <summary>Gemini's <c>usageMetadata</c>. In a stream every chunk repeats it as a running total: the last number counts, nothing is added up.</summary>
/// <remarks>
/// What is billed as output is candidates and thoughts; what is billed as input is the prompt, cached tokens included, and what Google's own tools
/// brought in. The API leaves out numbers that are 0: a report without cached tokens says that none were read.
/// </remarks>
internal sealed class GeminiUsage : IChatUsage
{
    private long _prompt;
    private long _cached;
    private long _candidates;
    private long _tools;
    private long? _thoughts;
    private long? _audio;
    private long? _audioCached;
    private long? _audioOut;

    /// <summary>Whether the prompt was counted.</summary>
    public bool Any { get; private set; }

    /// <summary>Whether the output was counted too, as far as it had come.</summary>
    public bool CountsOutput => Any && Completion > 0;

    private long Prompt => Sum(_prompt, _tools);

    private long Completion => Sum(_candidates, _thoughts ?? 0);

    /// <summary>Takes in one usage object, which replaces the one before.</summary>
    public void Set(JsonValue usage)
    {
        var members = usage.Members();
        while (members.MoveNext())
        {
            var value = members.Value;
            if (members.NameIs("promptTokenCount"u8))
            {
                Any |= Read(value, ref _prompt);
            }
            else if (members.NameIs("cachedContentTokenCount"u8))
            {
                Read(value, ref _cached);
            }
            else if (members.NameIs("candidatesTokenCount"u8))
            {
                Read(value, ref _candidates);
            }
            else if (members.NameIs("toolUsePromptTokenCount"u8))
            {
                Read(value, ref _tools);
            }
            else if (members.NameIs("thoughtsTokenCount"u8))
            {
                var thoughts = _thoughts ?? 0;
                _thoughts = Read(value, ref thoughts) ? thoughts : _thoughts;
            }
            else if (members.NameIs("promptTokensDetails"u8))
            {
                _audio = AudioIn(value) ?? _audio;
            }
            else if (members.NameIs("cacheTokensDetails"u8))
            {
                _audioCached = AudioIn(value) ?? (value.IsArray ? 0 : _audioCached);
            }
            else if (members.NameIs("candidatesTokensDetails"u8))
            {
                _audioOut = AudioIn(value) ?? _audioOut;
            }
        }
    }

    /// <summary>Writes the figures in OpenAI's shape.</summary>
    public void Write(JsonOut json)
    {
        json.BeginObject();
        json.Member("prompt_tokens"u8, Prompt);
        json.Member("completion_tokens"u8, Completion);
        json.Member("total_tokens"u8, Sum(Prompt, Completion));
        json.Name("prompt_tokens_details"u8);
        json.BeginObject();
        json.Member("cached_tokens"u8, _cached);
        if (_audio is { } audio)
        {
            json.Member("audio_tokens"u8, audio);
            if (_audioCached is { } cached)
            {
                // Sound has a price of its own, cached or not.
                json.Name("cached_tokens_details"u8);
                json.BeginObject();
                json.Member("audio_tokens"u8, cached);
                json.EndObject();
            }
        }

        json.EndObject();
        WriteOutput(json);

        json.EndObject();
    }

    private void WriteOutput(JsonOut json)
    {
        if (_thoughts is null && _audioOut is null)
        {
            return;
        }

        json.Name("completion_tokens_details"u8);
        json.BeginObject();
        if (_thoughts is { } thoughts)
        {
            json.Member("reasoning_tokens"u8, thoughts);
        }

        if (_audioOut is { } audio)
        {
            json.Member("audio_tokens"u8, audio);
        }

        json.EndObject();
    }

    private static long? AudioIn(JsonValue details)
    {
        long? audio = null;
        var items = details.Items();
        while (items.MoveNext())
        {
            long count = 0;
            if (items.Value.Get("modality"u8).Is("AUDIO"u8) && Read(items.Value.Get("tokenCount"u8), ref count))
            {
                audio = Sum(audio ?? 0, count);
            }
        }

        return audio;
    }

    private static bool Read(JsonValue value, ref long field)
    {
        if (!value.TryGetInt64(out var number) || number < 0)
        {
            return false;
        }

        field = number;
        return true;
    }

    private static long Sum(long one, long other) => (long)Int128.Min((Int128)one + other, long.MaxValue);
}
