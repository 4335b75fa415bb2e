using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Reads <c>cache_control</c> and <c>prompt_cache_breakpoint</c>. Null is no marker.</summary>
internal static class MarkerReader
{
    private static readonly JsonNames ControlNames = new("type", "ttl");
    private static readonly JsonNames BreakpointNames = new("mode");

    /// <summary>What a marker without a ttl asks for, where it is held against one that has a ttl.</summary>
    private static readonly TimeSpan DefaultTtl = TimeSpan.FromMinutes(5);

    /// <summary>Reads a <c>cache_control</c> value. Where the block has a marker already, both must ask for the same lifetime.</summary>
    /// <param name="body">The request's body.</param>
    /// <param name="value">The member's value; may be absent.</param>
    /// <param name="path">Where it stands.</param>
    /// <param name="marker">The marker, if there is one.</param>
    public static RequestError? ReadControl(ReadOnlySpan<byte> body, ByteRange value, string path, ref CacheMarker marker)
    {
        if (JsonScan.IsNullOrAbsent(body, value))
        {
            return null;
        }

        if (JsonScan.KindAt(body, value.Start) is not JsonKind.Object and var kind)
        {
            return RequestErrors.WrongType(path, "an object", kind);
        }

        var fields = ObjectFields.Scan(body, value, ControlNames);
        if (fields.Repeated >= 0)
        {
            return RequestErrors.Repeated($"{path}.{ControlNames[fields.Repeated]}");
        }

        if (fields[0].IsEmpty)
        {
            return RequestErrors.Missing($"{path}.type");
        }

        if (!Is(body, fields[0], "ephemeral"u8))
        {
            return RequestErrors.WrongValue($"{path}.type", "'ephemeral'");
        }

        if (!TryReadTtl(body, fields[1], out var ttl))
        {
            return RequestErrors.WrongValue($"{path}.ttl", "'5m', '1h', 300 and 3600");
        }

        if (marker.Exists && (marker.Ttl ?? DefaultTtl) != (ttl ?? DefaultTtl))
        {
            return new RequestError($"{path} marks a block that another cache_control marks with a different ttl.", path, "invalid_cache_control");
        }

        marker = marker.Exists ? marker : new CacheMarker(true, ttl);
        return null;
    }

    /// <summary>Reads a <c>prompt_cache_breakpoint</c> value. A marker that is there already stays: it may have a lifetime.</summary>
    /// <inheritdoc cref="ReadControl"/>
    public static RequestError? ReadBreakpoint(ReadOnlySpan<byte> body, ByteRange value, string path, ref CacheMarker marker)
    {
        if (JsonScan.IsNullOrAbsent(body, value))
        {
            return null;
        }

        if (JsonScan.KindAt(body, value.Start) is not JsonKind.Object and var kind)
        {
            return RequestErrors.WrongType(path, "an object", kind);
        }

        var mode = ObjectFields.Scan(body, value, BreakpointNames)[0];
        if (mode.IsEmpty || !Is(body, mode, "explicit"u8))
        {
            return mode.IsEmpty ? RequestErrors.Missing($"{path}.mode") : RequestErrors.WrongValue($"{path}.mode", "'explicit'");
        }

        marker = marker.Exists ? marker : new CacheMarker(true, null);
        return null;
    }

    /// <summary>Refuses a marker where none may stand.</summary>
    public static RequestError? Refuse(ReadOnlySpan<byte> body, ByteRange value, string path, string reason)
        => JsonScan.IsNullOrAbsent(body, value) ? null : RequestErrors.MarkerNotAllowed(path, reason);

    /// <summary>Whether a value is this very string.</summary>
    public static bool Is(ReadOnlySpan<byte> body, ByteRange value, ReadOnlySpan<byte> text)
        => body[value.Start] == (byte)'"' && JsonEscapes.Spells(JsonScan.Unquote(body, value), text);

    private static bool TryReadTtl(ReadOnlySpan<byte> body, ByteRange value, out TimeSpan? ttl)
    {
        ttl = null;
        if (JsonScan.IsNullOrAbsent(body, value))
        {
            return true;
        }

        if (value.Of(body).SequenceEqual("300"u8) || Is(body, value, "5m"u8))
        {
            ttl = TimeSpan.FromMinutes(5);
        }
        else if (value.Of(body).SequenceEqual("3600"u8) || Is(body, value, "1h"u8))
        {
            ttl = TimeSpan.FromHours(1);
        }

        return ttl is not null;
    }
}
