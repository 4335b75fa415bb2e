using System.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>What all chunks of one stream have in common, so that the gateway can add one.</summary>
internal sealed class ChunkIdentity
{
    private readonly byte[] _head;

    private ChunkIdentity(byte[] head, string? model)
    {
        _head = head;
        Model = model;
    }

    /// <summary>The model that answered, by its own word.</summary>
    public string? Model { get; }

    /// <summary>Takes it from a chunk.</summary>
    public static ChunkIdentity From(ReadOnlySpan<byte> json, in ChatEnvelope envelope)
    {
        using var head = new PooledBytes(256);
        head.Write("{"u8);
        WriteMember(head, "\"id\":"u8, json, envelope.Id);
        head.Write("\"object\":\"chat.completion.chunk\","u8);
        WriteMember(head, "\"created\":"u8, json, envelope.Created);
        WriteMember(head, "\"model\":"u8, json, envelope.Model);
        return new ChunkIdentity(head.Span.ToArray(), ModelOf(json, envelope));
    }

    /// <summary>The value of <c>model</c>; null when there is none.</summary>
    public static string? ModelOf(ReadOnlySpan<byte> json, in ChatEnvelope envelope) => Text(json, envelope.Model);

    /// <summary>A string's text.</summary>
    public static string? Text(ReadOnlySpan<byte> json, ByteRange quoted)
    {
        if (quoted.Length < 2)
        {
            return null;
        }

        using var text = new PooledBytes(256);
        JsonText.Unescape(quoted.Of(json)[1..^1], text);
        return Encoding.UTF8.GetString(text.Span);
    }

    /// <summary>Writes the chunk that OpenAI sends last: no choices, the usage (the upstream's object where it sent one), and what it costs.</summary>
    public void WriteUsageChunk(ReadOnlySpan<byte> usage, Settlement settlement, bool usageCost, PooledBytes output)
    {
        output.Write(_head);
        output.Write("\"choices\":[],\"usage\":"u8);
        UsageSplicer.Write(usage.IsEmpty ? "{}"u8 : usage, settlement, usageCost, output);
        if (settlement.Cost is { } cost)
        {
            output.Write(",\"cost_details\":"u8);
            CostDetailsWriter.Write(cost, output);
        }

        output.Write("}"u8);
    }

    private static void WriteMember(PooledBytes head, ReadOnlySpan<byte> name, ReadOnlySpan<byte> json, ByteRange value)
    {
        if (!value.IsEmpty)
        {
            head.Write(name);
            head.Write(value.Of(json));
            head.Write(","u8);
        }
    }
}
