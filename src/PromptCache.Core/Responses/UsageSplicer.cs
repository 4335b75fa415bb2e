using System.Buffers;
using System.Globalization;
using System.Text.Unicode;
using PromptCache.Core.Usage;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Responses;

/// <summary>Makes a usage object say the final figures, by as few splices as that takes.</summary>
/// <remarks>
/// <c>prompt_tokens</c>, <c>completion_tokens</c> and <c>total_tokens</c> keep their bytes where they already say so; a <c>total_tokens</c> that is not their
/// sum (Gemini's OpenAI-compatible route) stays unless one of the two had to change. <c>cached_tokens</c> is put in where it is missing. Only where the store is
/// the truth, or the report contradicted itself, are the upstream's other cache fields set too, each under the name that it has there, so that none says otherwise.
/// Where the store is the truth, the upstream's price does not follow from it: <c>cost</c> is ours if the client asked for it and goes if not, and its other prices go.
/// </remarks>
internal static class UsageSplicer
{
    /// <summary>Adds the changes to the usage object that stands in <paramref name="json"/> at <paramref name="usage"/>.</summary>
    public static void AddTo(SpliceList splices, ReadOnlySpan<byte> json, ByteRange usage, Settlement settlement, bool usageCost)
    {
        if (usage.IsEmpty || ObjectMembers.Read(json, usage) is not { } members)
        {
            return;
        }

        var counts = new UsageCounts(json, members);
        var final = settlement.Usage;
        var isReplacing = settlement.ReplaceCacheFields || final.Inconsistent;
        using var edit = new ObjectEdit(members, usage.Start, splices);
        SetTotals(edit, json, final, counts.Total);
        SetDetails(edit, splices, json, final, isReplacing, hasWrites: settlement.ReplaceCacheFields || counts.HasWrites);
        SetExplicit(edit, json, final, isReplacing, settlement.ExplicitFields);
        if (isReplacing)
        {
            SetMirrors(edit, json, final);
        }

        if (usageCost && settlement.Cost is { } cost && (cost.TotalCost is null || cost.TotalCost != final.ReportedCost || !edit.HasNumber(json, UsageNames.Cost)))
        {
            var text = splices.Begin(out var mark);
            CostDetailsWriter.WriteAmount(cost.TotalCost, text);
            edit.Set(json, UsageNames.Cost, text.Span[mark..].ToArray(), add: true);
        }

        if (settlement.ReplaceCacheFields)
        {
            RemovePrices(edit, json, keepCost: usageCost && settlement.Cost is not null);
        }

        edit.Complete();
    }

    /// <summary>Writes the usage object <paramref name="usage"/> with the final figures.</summary>
    public static void Write(ReadOnlySpan<byte> usage, Settlement settlement, bool usageCost, IBufferWriter<byte> output)
    {
        using var splices = new SpliceList();
        var whole = new ByteRange(0, usage.Length);
        AddTo(splices, usage, whole, settlement, usageCost);
        splices.Apply(usage, whole, output);
    }

    private static void SetTotals(ObjectEdit edit, ReadOnlySpan<byte> json, TokenUsage final, long? total)
    {
        var isChanged = final.PromptTokens is not null && edit.SetCount(json, UsageNames.Prompt, final.PromptTokens, add: true);
        isChanged |= final.CompletionTokens is not null && edit.SetCount(json, UsageNames.Completion, final.CompletionTokens, add: true);
        if ((isChanged || total is null || final.Inconsistent) && final is { PromptTokens: { } prompt, CompletionTokens: { } completion })
        {
            edit.SetCount(json, UsageNames.Total, prompt + completion, add: true);
        }
    }

    private static void SetDetails(ObjectEdit edit, SpliceList splices, ReadOnlySpan<byte> json, TokenUsage final, bool isReplacing, bool hasWrites)
    {
        var written = hasWrites ? Written(final) : null;
        if (edit.FindObject(json, UsageNames.PromptDetails) is not { } details)
        {
            if (final.CacheRead is not null || written is not null)
            {
                Span<byte> text = stackalloc byte[96];
                edit.Set(json, UsageNames.PromptDetails, NewDetails(final.CacheRead, written, text), add: true);
            }
        }
        else if (ObjectMembers.Read(json, details.Value) is { } members)
        {
            using var inner = new ObjectEdit(members, details.Value.Start, splices);
            SetInner(inner, json, final, written, isReplacing, add: true);
            inner.Complete();
        }

        if (isReplacing && edit.FindObject(json, UsageNames.InputDetails) is { } other && ObjectMembers.Read(json, other.Value) is { } others)
        {
            using var inner = new ObjectEdit(others, other.Value.Start, splices);
            SetInner(inner, json, final, written, isReplacing, add: false);
            inner.Complete();
        }
    }

    private static void SetInner(ObjectEdit inner, ReadOnlySpan<byte> json, TokenUsage final, long? written, bool isReplacing, bool add)
    {
        if (isReplacing || final.CacheRead is not null)
        {
            inner.SetCount(json, UsageNames.Cached, final.CacheRead, add);
        }

        if (isReplacing || written is not null)
        {
            inner.SetCount(json, UsageNames.CacheWrite, written, add);
        }

        if (isReplacing)
        {
            inner.SetCount(json, UsageNames.CreationTokens, written, add: false);
            inner.SetCount(json, UsageNames.CreationInput, written, add: false);
            inner.SetCount(json, UsageNames.ReadInput, final.CacheRead, add: false);
            SetCreation(inner, json, UsageNames.Creation, final, add: false);
            SetCreation(inner, json, UsageNames.CreationDetails, final, add: false);
        }
    }

    /// <summary>The fields of explicit caching, under Anthropic's names.</summary>
    private static void SetExplicit(ObjectEdit edit, ReadOnlySpan<byte> json, TokenUsage final, bool isReplacing, bool add)
    {
        var written = Written(final);
        if (isReplacing || (add && final.CacheRead is not null))
        {
            edit.SetCount(json, UsageNames.ReadInput, final.CacheRead, add);
        }

        if (isReplacing || (add && written is not null))
        {
            edit.SetCount(json, UsageNames.CreationInput, written, add);
            SetCreation(edit, json, UsageNames.Creation, final, add);
        }
    }

    /// <summary>The other names under which providers report cache tokens.</summary>
    private static void SetMirrors(ObjectEdit edit, ReadOnlySpan<byte> json, TokenUsage final)
    {
        var written = Written(final);
        edit.SetCount(json, UsageNames.Cached, final.CacheRead, add: false);
        edit.SetCount(json, UsageNames.Hit, final.CacheRead, add: false);
        edit.SetCount(json, UsageNames.Miss, final.PromptTokens - final.CacheRead, add: false);
        edit.SetCount(json, UsageNames.FlatRead, final.CacheRead, add: false);
        edit.SetCount(json, UsageNames.CreationTokens, written, add: false);
        edit.SetCount(json, UsageNames.CacheWrite, written, add: false);
        edit.SetCount(json, UsageNames.FlatWrite, written, add: false);
        SetCreation(edit, json, UsageNames.CreationDetails, final, add: false);
    }

    private static void RemovePrices(ObjectEdit edit, ReadOnlySpan<byte> json, bool keepCost)
    {
        if (!keepCost)
        {
            edit.Remove(json, UsageNames.Cost);
        }

        edit.Remove(json, UsageNames.CostTicks);
        edit.Remove(json, UsageNames.CostDetails);
        edit.Remove(json, UsageNames.EstimatedCost);
        edit.Remove(json, UsageNames.IsByok);
    }

    private static void SetCreation(ObjectEdit edit, ReadOnlySpan<byte> json, ReadOnlySpan<byte> name, TokenUsage final, bool add)
    {
        if (Written(final) is null)
        {
            edit.Remove(json, name);
            return;
        }

        Span<byte> text = stackalloc byte[128];
        _ = Utf8.TryWrite(
            text,
            CultureInfo.InvariantCulture,
            $"{{\"ephemeral_5m_input_tokens\":{final.CacheWrite ?? 0},\"ephemeral_1h_input_tokens\":{final.CacheWrite1h ?? 0}}}",
            out var length);
        edit.Set(json, name, text[..length], add);
    }

    private static ReadOnlySpan<byte> NewDetails(long? read, long? written, Span<byte> text)
    {
        var length = 0;
        _ = (read, written) switch
        {
            ({ } r, { } w) => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{{\"cached_tokens\":{r},\"cache_write_tokens\":{w}}}", out length),
            ({ } r, null) => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{{\"cached_tokens\":{r}}}", out length),
            _ => Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"{{\"cache_write_tokens\":{written}}}", out length),
        };
        return text[..length];
    }

    private static long? Written(TokenUsage final)
        => final is { CacheWrite: null, CacheWrite1h: null } ? null : (final.CacheWrite ?? 0) + (final.CacheWrite1h ?? 0);
}
