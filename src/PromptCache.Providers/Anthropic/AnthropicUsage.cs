using System.Text;
using PromptCache.Core.Usage;
using PromptCache.Providers.Chat;
using PromptCache.Providers.Json;

namespace PromptCache.Providers.Anthropic;

/// <summary>Anthropic's usage, gathered over one response. Its input excludes what was read from and written to the cache.</summary>
/// <remarks>
/// A stream reports twice: <c>message_start</c>, and cumulatively in every <c>message_delta</c>, which may leave fields out or, behind some
/// third-party servers, be the first to fill them in. So the larger number counts; nothing is ever added up.
/// </remarks>
internal sealed class AnthropicUsage : IChatUsage
{
    private long? _input;
    private long? _output;
    private long? _read;
    private long? _written;
    private long? _written5m;
    private long? _written1h;
    private long? _thinking;
    private byte[]? _tier;
    private byte[]? _geo;

    /// <summary>Whether anything was reported.</summary>
    public bool Any => _input is not null || _output is not null;

    /// <summary>All input: uncached, read and written.</summary>
    public long Prompt => Clamp((Int128)(_input ?? 0) + (_read ?? 0) + (Written ?? 0));

    private long? Written => _written is null && _written5m is null && _written1h is null
        ? null
        : Math.Max(_written ?? 0, Clamp((Int128)(_written5m ?? 0) + (_written1h ?? 0)));

    // Only message_start splits the writes. What a later total adds was written at the default lifetime: server tools do so on their own.
    private long? Written5m => Written is { } written ? written - Math.Min(written, _written1h ?? 0) : null;

    /// <summary>Takes in one usage object.</summary>
    public void Add(JsonValue usage)
    {
        var members = usage.Members();
        while (members.MoveNext())
        {
            var value = members.Value;
            if (members.NameIs("input_tokens"u8))
            {
                Raise(ref _input, value);
            }
            else if (members.NameIs("output_tokens"u8))
            {
                Raise(ref _output, value);
            }
            else if (members.NameIs("cache_read_input_tokens"u8))
            {
                Raise(ref _read, value);
            }
            else if (members.NameIs("cache_creation_input_tokens"u8))
            {
                Raise(ref _written, value);
            }
            else if (members.NameIs("cache_creation"u8))
            {
                Raise(ref _written5m, value.Get("ephemeral_5m_input_tokens"u8));
                Raise(ref _written1h, value.Get("ephemeral_1h_input_tokens"u8));
            }
            else if (members.NameIs("output_tokens_details"u8))
            {
                Raise(ref _thinking, value.Get("thinking_tokens"u8));
            }
            else if (members.NameIs("service_tier"u8) && value.IsString)
            {
                _tier = value.Raw.ToArray();
            }
            else if (members.NameIs("inference_geo"u8) && value.IsString)
            {
                _geo = value.Raw.ToArray();
            }
        }
    }

    /// <summary>The same figures as disjoint buckets.</summary>
    public TokenUsage ToTokenUsage() => new()
    {
        PromptTokens = _input is null ? null : Prompt,
        CacheRead = _read,
        CacheWrite = Written5m,
        CacheWrite1h = _written1h,
        CompletionTokens = _output,
        ReasoningTokens = _thinking,
        ServiceTier = _tier is [_, .. var tier, _] ? Encoding.UTF8.GetString(tier) : null,
        Geo = _geo is [_, .. var geo, _] ? Encoding.UTF8.GetString(geo) : null,
        Source = CountSource.Provider,
    };

    /// <summary>Writes the figures in OpenAI's shape, Anthropic's own cache fields beside them. What was not reported is not written.</summary>
    public void Write(JsonOut json)
    {
        json.BeginObject();
        json.Member("prompt_tokens"u8, Prompt);
        json.Member("completion_tokens"u8, _output ?? 0);
        json.Member("total_tokens"u8, Clamp((Int128)Prompt + (_output ?? 0)));
        if (_read is not null || Written is not null)
        {
            json.Name("prompt_tokens_details"u8);
            json.BeginObject();
            WriteIf(json, "cached_tokens"u8, _read);
            WriteIf(json, "cache_write_tokens"u8, Written);
            json.EndObject();
        }

        if (_thinking is not null)
        {
            json.Name("completion_tokens_details"u8);
            json.BeginObject();
            WriteIf(json, "reasoning_tokens"u8, _thinking);
            json.EndObject();
        }

        WriteIf(json, "cache_creation_input_tokens"u8, Written);
        WriteIf(json, "cache_read_input_tokens"u8, _read);
        if (_written5m is not null || _written1h is not null)
        {
            json.Name("cache_creation"u8);
            json.BeginObject();
            WriteIf(json, "ephemeral_5m_input_tokens"u8, Written5m);
            WriteIf(json, "ephemeral_1h_input_tokens"u8, _written1h);
            json.EndObject();
        }

        if (_tier is not null)
        {
            json.Member("service_tier"u8, _tier);
        }

        if (_geo is not null)
        {
            json.Member("inference_geo"u8, _geo);
        }

        json.EndObject();
    }

    private static void WriteIf(JsonOut json, ReadOnlySpan<byte> name, long? number)
    {
        if (number is { } value)
        {
            json.Member(name, value);
        }
    }

    private static void Raise(ref long? field, JsonValue value)
    {
        if (value.TryGetInt64(out var number) && number >= 0)
        {
            field = Math.Max(field ?? 0, number);
        }
    }

    private static long Clamp(Int128 number) => (long)Int128.Min(number, long.MaxValue);
}
