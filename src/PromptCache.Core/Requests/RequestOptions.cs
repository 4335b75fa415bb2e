using System.Collections.Immutable;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Requests;

/// <summary>The options of a request that steer the gateway. Null means the same as absent.</summary>
internal ref struct RequestOptions(ReadOnlySpan<byte> body)
{
    private static readonly JsonNames FlagNames = new("include_usage", "include");
    private static readonly JsonNames ProviderNames = new("order", "allow_fallbacks");
    private readonly ReadOnlySpan<byte> _body = body;

    public bool Stream { get; private set; }

    public bool IncludeUsage { get; private set; }

    public bool UsageInclude { get; private set; }

    public bool AllowFallbacks { get; private set; } = true;

    public ImmutableArray<string> ProviderOrder { get; private set; } = [];

    /// <summary>Reads them all; the first error, or null.</summary>
    public RequestError? Read(FieldTable fields)
    {
        if (fields.NotNull(TopField.Stream) is { Exists: true } stream)
        {
            if (!TryBoolean(stream.Value.Start, "stream", out var value, out var error))
            {
                return error;
            }

            Stream = value;
        }

        var optionsError = ReadFlag(fields.NotNull(TopField.StreamOptions), "stream_options", "include_usage", out var includeUsage);
        var usageError = ReadFlag(fields.NotNull(TopField.Usage), "usage", "include", out var usageInclude);
        (IncludeUsage, UsageInclude) = (includeUsage, usageInclude);
        return optionsError ?? usageError ?? ReadProvider(fields.NotNull(TopField.Provider));
    }

    private readonly RequestError? ReadFlag(JsonMember member, string path, string flag, out bool value)
    {
        value = false;
        if (!member.Exists)
        {
            return null;
        }

        var cursor = new JsonCursor(_body, member.Value.Start);
        if (cursor.Kind != JsonKind.Object)
        {
            return RequestErrors.WrongType(path, "an object", cursor.Kind);
        }

        RequestError? error = null;
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            if (FlagNames.IndexOf(name.Of(_body)) is >= 0 and var known && FlagNames[known] == flag)
            {
                TryBoolean(cursor.Position, $"{path}.{flag}", out value, out error);
            }

            cursor.Skip();
        }

        return error;
    }

    private RequestError? ReadProvider(JsonMember member)
    {
        if (!member.Exists)
        {
            return null;
        }

        var cursor = new JsonCursor(_body, member.Value.Start);
        if (cursor.Kind != JsonKind.Object)
        {
            return RequestErrors.WrongType("provider", "an object", cursor.Kind);
        }

        RequestError? orderError = null;
        RequestError? fallbackError = null;
        cursor.Enter();
        while (cursor.NextMember(out var name))
        {
            switch (ProviderNames.IndexOf(name.Of(_body)))
            {
                case 0:
                    orderError = ReadOrder(cursor);
                    break;
                case 1 when cursor.Kind == JsonKind.Null:
                    (AllowFallbacks, fallbackError) = (true, null);
                    break;
                case 1:
                    TryBoolean(cursor.Position, "provider.allow_fallbacks", out var allow, out fallbackError);
                    AllowFallbacks = allow;
                    break;
            }

            cursor.Skip();
        }

        return orderError ?? fallbackError;
    }

    private RequestError? ReadOrder(JsonCursor cursor)
    {
        ProviderOrder = [];
        if (cursor.Kind == JsonKind.Null)
        {
            return null;
        }

        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType("provider.order", "an array of strings", cursor.Kind);
        }

        var order = ImmutableArray.CreateBuilder<string>();
        cursor.Enter();
        while (cursor.NextItem())
        {
            if (cursor.Kind != JsonKind.String)
            {
                return RequestErrors.WrongType($"provider.order[{order.Count}]", "a string", cursor.Kind);
            }

            order.Add(JsonEscapes.DecodeToString(cursor.Skip().Of(_body)[1..^1]));
        }

        ProviderOrder = order.DrainToImmutable();
        return null;
    }

    private readonly bool TryBoolean(int position, string path, out bool value, out RequestError? error)
    {
        var kind = JsonScan.KindAt(_body, position);
        value = kind == JsonKind.True;
        error = kind is JsonKind.True or JsonKind.False or JsonKind.Null ? null : RequestErrors.WrongType(path, "a boolean", kind);
        return error is null;
    }
}
