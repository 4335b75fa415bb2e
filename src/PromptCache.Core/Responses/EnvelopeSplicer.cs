using System.Buffers;
using PromptCache.Core.Pricing;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Puts the final figures into a chat completion or chunk; every byte outside the splices stays.</summary>
/// <remarks>Usage is made to agree wherever it stands; <c>cost_details</c> stands once, behind the top-level usage. An upstream's own <c>cost_details</c> at the top level (Infron) is replaced by ours: two would contradict each other; in store mode its <c>cost</c> beside usage (Infron) is too.</remarks>
internal static class EnvelopeSplicer
{
    /// <summary>Writes the text with the final figures.</summary>
    public static void WriteSettled(ReadOnlySpan<byte> json, in ChatEnvelope envelope, Settlement settlement, bool usageCost, IBufferWriter<byte> output)
    {
        using var splices = new SpliceList();
        UsageSplicer.AddTo(splices, json, envelope.Usage, settlement, usageCost);
        UsageSplicer.AddTo(splices, json, envelope.ChoiceUsage, settlement, usageCost);
        UsageSplicer.AddTo(splices, json, envelope.GroqUsage, settlement, usageCost);

        var text = splices.Begin(out var mark);
        if (envelope.Usage.IsEmpty)
        {
            text.Write(envelope.UsageValue.IsEmpty ? ",\"usage\":"u8 : default);
            var report = envelope.Report;
            UsageSplicer.Write(report.IsEmpty ? "{}"u8 : report.Of(json), settlement, usageCost, text);
        }

        if (settlement.Cost is { } cost)
        {
            if (envelope.CostDetails.IsEmpty)
            {
                text.Write(",\"cost_details\":"u8);
                CostDetailsWriter.Write(cost, text);
            }
            else
            {
                // A list of its own place: what has been written so far is closed first.
                Place(splices, envelope, ref mark);
                CostDetailsWriter.Write(cost, text);
                splices.End(mark, envelope.CostDetails);
                mark = text.Length;
            }
        }

        Place(splices, envelope, ref mark);
        if (settlement.ReplaceCacheFields)
        {
            ReplaceCost(splices, envelope, settlement.Cost);
        }

        splices.Apply(json, new ByteRange(0, json.Length), output);
    }

    /// <summary>Writes the text with every usage set to null, as OpenAI does on all chunks but the last.</summary>
    public static void WriteMuted(ReadOnlySpan<byte> json, in ChatEnvelope envelope, IBufferWriter<byte> output)
    {
        using var splices = new SpliceList();
        foreach (var range in (ReadOnlySpan<ByteRange>)[envelope.Usage, envelope.ChoiceUsage, envelope.GroqUsage, envelope.Cost, envelope.CostDetails])
        {
            if (!range.IsEmpty)
            {
                splices.Replace(range, "null"u8);
            }
        }

        splices.Apply(json, new ByteRange(0, json.Length), output);
    }

    /// <summary>Writes the text with running totals that say nothing about the cache and the price.</summary>
    public static void WriteStripped(ReadOnlySpan<byte> json, in ChatEnvelope envelope, UsageDialect dialect, IBufferWriter<byte> output)
    {
        using var splices = new SpliceList();
        foreach (var range in (ReadOnlySpan<ByteRange>)[envelope.Usage, envelope.ChoiceUsage, envelope.GroqUsage])
        {
            if (!range.IsEmpty && ChatUsageReader.Read(range.Of(json), dialect) is { } running)
            {
                var silent = running with { CacheRead = null, CacheWrite = null, CacheWrite1h = null };
                UsageSplicer.AddTo(splices, json, range, new Settlement(silent, Cost: null, ReplaceCacheFields: true, ExplicitFields: false), usageCost: false);
            }
        }

        ReplaceCost(splices, envelope, cost: null);

        splices.Apply(json, new ByteRange(0, json.Length), output);
    }

    /// <summary>Takes the upstream's price from beside usage. A <c>cost_details</c> of ours has its place already.</summary>
    private static void ReplaceCost(SpliceList splices, in ChatEnvelope envelope, CostDetails? cost)
    {
        if (!envelope.Cost.IsEmpty)
        {
            var text = splices.Begin(out var mark);
            CostDetailsWriter.WriteAmount(cost?.TotalCost, text);
            splices.End(mark, envelope.Cost);
        }

        if (cost is null && !envelope.CostDetails.IsEmpty)
        {
            splices.Replace(envelope.CostDetails, "null"u8);
        }
    }

    /// <summary>Puts the text since the mark where usage is: in place of a usage that is none, behind one that is, or behind the last member.</summary>
    private static void Place(SpliceList splices, in ChatEnvelope envelope, ref int mark)
    {
        _ = splices.Begin(out var end);
        if (end == mark)
        {
            return;
        }

        var at = !envelope.Usage.IsEmpty ? new ByteRange(envelope.Usage.End, 0) : !envelope.UsageValue.IsEmpty ? envelope.UsageValue : new ByteRange(envelope.MembersEnd, 0);
        splices.End(mark, at);
        mark = end;
    }
}
