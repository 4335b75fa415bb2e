using System.Diagnostics.CodeAnalysis;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Prefixes;

/// <summary>Cuts a request into segments with canonical bytes.</summary>
public static class Segmenter
{
    /// <summary>The version of the canonical bytes, which is also their first byte.</summary>
    public const byte FormatVersion = SegmentWriter.Version;

    private static readonly JsonNames SchemaNames = new("type");
    private static readonly JsonNames OptionsNames = new("mode", "ttl");

    /// <summary>Cuts the request; on failure (a wrong type, a marker where none may stand) says which field is at fault.</summary>
    /// <param name="request">As <see cref="PromptRequestReader"/> made it: its body is known to be well-formed.</param>
    /// <param name="segments">The segments; the caller disposes them.</param>
    /// <param name="error">What is wrong.</param>
    public static bool TryCut(PromptRequest request, [NotNullWhen(true)] out SegmentList? segments, [NotNullWhen(false)] out RequestError? error)
    {
        var writer = new SegmentWriter(request.Body.Span);
        var automatic = default(CacheMarker);
        var mode = CacheOptionsMode.Unspecified;
        error = CutTools(ref writer, request.Tools.Value, SegmentOrigin.Tools, "tools")
            ?? CutTools(ref writer, request.Find("functions"u8).Value, SegmentOrigin.Functions, "functions")
            ?? CutSearchTools(ref writer)
            ?? CutSchema(ref writer, request.ResponseFormat.Value)
            ?? CutMessages(ref writer, request.Messages.Value)
            ?? MarkerReader.ReadControl(writer.Body, request.CacheControl.Value, "cache_control", ref automatic)
            ?? ReadOptions(writer.Body, request.PromptCacheOptions.Value, ref mode);
        var cut = writer.Detach();
        if (error is not null)
        {
            writer.Output.Dispose();
            segments = null;
            return false;
        }

        var (system, messages) = SaltBuilder.Build(request, writer.HasImages, writer.HasCitations);
        var retention = request.PromptCacheRetention;
        var extended = retention.Exists && MarkerReader.Is(request.Body.Span, retention.Value, "24h"u8);
        segments = new SegmentList(writer.Output, cut, messages, automatic) { SystemSalt = system, OptionsMode = mode, ExtendedRetention = extended };
        return true;
    }

    private static RequestError? CutTools(ref SegmentWriter writer, ByteRange tools, SegmentOrigin origin, string path)
    {
        writer.Level = SegmentLevel.Tools;
        if (JsonScan.IsNullOrAbsent(writer.Body, tools))
        {
            return null;
        }

        var cursor = new JsonCursor(writer.Body, tools.Start);
        if (cursor.Kind != JsonKind.Array)
        {
            return RequestErrors.WrongType(path, "an array of objects", cursor.Kind);
        }

        cursor.Enter();
        for (writer.Item = 0; cursor.NextItem() && !writer.IsFull; writer.Item++)
        {
            if (ObjectCutter.Cut(ref writer, ref cursor, SegmentKind.ToolDefinition, origin, -1) is { } error)
            {
                return error;
            }
        }

        return writer.IsFull ? TooMany(path) : null;
    }

    /// <summary>A web search that is switched on or off changes what stands in front of the system prompt, and leaves the tools alone (Anthropic).</summary>
    private static RequestError? CutSearchTools(ref SegmentWriter writer)
    {
        writer.Level = SegmentLevel.System;
        foreach (var (item, position) in writer.SearchTools ?? [])
        {
            if (writer.IsFull)
            {
                return TooMany("tools");
            }

            writer.Item = item;
            var cursor = new JsonCursor(writer.Body, position);
            if (ObjectCutter.Cut(ref writer, ref cursor, SegmentKind.ToolDefinition, SegmentOrigin.Tools, -1) is { } error)
            {
                return error;
            }
        }

        return null;
    }

    private static RequestError? CutSchema(ref SegmentWriter writer, ByteRange format)
    {
        writer.Level = SegmentLevel.System;
        writer.Item = -1;
        if (format.IsEmpty || JsonScan.KindAt(writer.Body, format.Start) != JsonKind.Object)
        {
            return null;
        }

        var type = ObjectFields.Scan(writer.Body, format, SchemaNames)[0];
        if (type.IsEmpty || !MarkerReader.Is(writer.Body, type, "json_schema"u8))
        {
            return null;
        }

        writer.Open(SegmentKind.Schema, SegmentOrigin.ResponseFormat, -1, format, SegmentFlags.Json);
        var payload = writer.Output.Length;
        CompactJson.Append(format.Of(writer.Body), writer.Output);
        writer.Close(writer.Since(payload), 0, default);
        return null;
    }

    private static RequestError? CutMessages(ref SegmentWriter writer, ByteRange messages)
    {
        // The level is System until the first message of another role.
        var cursor = new JsonCursor(writer.Body, messages.Start);
        cursor.Enter();
        for (var index = 0; cursor.NextItem() && !writer.IsFull; index++)
        {
            if (MessageCutter.Cut(ref writer, ref cursor, index) is { } error)
            {
                return error;
            }
        }

        return writer.IsFull ? TooMany("messages") : null;
    }

    private static RequestError? ReadOptions(ReadOnlySpan<byte> body, ByteRange options, ref CacheOptionsMode mode)
    {
        if (JsonScan.IsNullOrAbsent(body, options))
        {
            return null;
        }

        if (JsonScan.KindAt(body, options.Start) is not JsonKind.Object and var kind)
        {
            return RequestErrors.WrongType("prompt_cache_options", "an object", kind);
        }

        var fields = ObjectFields.Scan(body, options, OptionsNames);
        if (fields.Repeated >= 0)
        {
            return RequestErrors.Repeated($"prompt_cache_options.{OptionsNames[fields.Repeated]}");
        }

        if (!JsonScan.IsNullOrAbsent(body, fields[0]))
        {
            mode = MarkerReader.Is(body, fields[0], "implicit"u8) ? CacheOptionsMode.Implicit
                : MarkerReader.Is(body, fields[0], "explicit"u8) ? CacheOptionsMode.Explicit
                : CacheOptionsMode.Unspecified;
            if (mode == CacheOptionsMode.Unspecified)
            {
                return RequestErrors.WrongValue("prompt_cache_options.mode", "'implicit' and 'explicit'");
            }
        }

        return JsonScan.IsNullOrAbsent(body, fields[1]) || MarkerReader.Is(body, fields[1], "30m"u8)
            ? null
            : RequestErrors.WrongValue("prompt_cache_options.ttl", "'30m'");
    }

    private static RequestError TooMany(string path)
        => RequestErrors.TooMany(path, "messages, parts and tools", SegmentWriter.MaxSegments);
}
