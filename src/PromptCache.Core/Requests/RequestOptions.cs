using System.Collections.Immutable;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The options of a request that steer the gateway. Null means the same as absent.</summary>
internal ref struct RequestOptions
{
    private static readonly JsonNames StreamNames = new("include_usage");
    private static readonly JsonNames UsageNames = new("include");
    private static readonly JsonNames ProviderNames = new("order", "allow_fallbacks");
    private readonly ReadOnlySpan<byte> _body;

    public RequestOptions(ReadOnlySpan<byte> body, FieldTable table)
    {
        _body = body;
        Stream = Boolean(table[TopField.Stream].Value, "stream", absent: false);
        IncludeUsage = Boolean(Fields(table[TopField.StreamOptions].Value, "stream_options", StreamNames)[0], "stream_options.include_usage", absent: false);
        UsageInclude = Boolean(Fields(table[TopField.Usage].Value, "usage", UsageNames)[0], "usage.include", absent: false);
        var provider = Fields(table[TopField.Provider].Value, "provider", ProviderNames);
        ProviderOrder = Strings(provider[0], "provider.order");
        AllowFallbacks = Boolean(provider[1], "provider.allow_fallbacks", absent: true);
    }

    /// <summary>The first thing that is wrong, or null.</summary>
    public RequestError? Error { get; private set; }

    public bool Stream { get; }

    public bool IncludeUsage { get; }

    public bool UsageInclude { get; }

    public ImmutableArray<string> ProviderOrder { get; }

    public bool AllowFallbacks { get; }

    private bool Boolean(ByteRange value, string path, bool absent)
    {
        if (JsonScan.IsNullOrAbsent(_body, value))
        {
            return absent;
        }

        var kind = JsonScan.KindAt(_body, value.Start);
        if (kind is not (JsonKind.True or JsonKind.False))
        {
            Error ??= RequestErrors.WrongType(path, "a boolean", kind);
        }

        return kind == JsonKind.True;
    }

    private ObjectFields Fields(ByteRange value, string path, JsonNames names)
    {
        if (JsonScan.IsNullOrAbsent(_body, value))
        {
            return default;
        }

        var kind = JsonScan.KindAt(_body, value.Start);
        if (kind == JsonKind.Object)
        {
            var fields = ObjectFields.Scan(_body, value, names);
            Error ??= fields.Repeated >= 0 ? RequestErrors.Repeated($"{path}.{names[fields.Repeated]}") : null;
            return fields;
        }

        Error ??= RequestErrors.WrongType(path, "an object", kind);
        return default;
    }

    private ImmutableArray<string> Strings(ByteRange value, string path)
    {
        if (JsonScan.IsNullOrAbsent(_body, value))
        {
            return [];
        }

        var cursor = new JsonCursor(_body, value.Start);
        if (cursor.Kind != JsonKind.Array)
        {
            Error ??= RequestErrors.WrongType(path, "an array of strings", cursor.Kind);
            return [];
        }

        var strings = ImmutableArray.CreateBuilder<string>();
        cursor.Enter();
        while (cursor.NextItem())
        {
            var kind = cursor.Kind;
            var item = cursor.Skip();
            if (kind != JsonKind.String)
            {
                Error ??= RequestErrors.WrongType($"{path}[{strings.Count}]", "a string", kind);
                return [];
            }

            strings.Add(JsonEscapes.DecodeToString(JsonScan.Unquote(_body, item)));
        }

        return strings.DrainToImmutable();
    }
}
