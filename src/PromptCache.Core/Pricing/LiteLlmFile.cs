using System.Text.Json;

namespace PromptCache.Core.Pricing;

/// <summary>Reads LiteLLM's <c>model_prices_and_context_window.json</c>: one object, a member per model, USD per token.</summary>
internal static class LiteLlmFile
{
    private const decimal PerMillion = 1_000_000m;

    /// <summary>Converts the models that answer with text; other modes (images, audio, embeddings) are left out.</summary>
    public static IReadOnlyList<PriceLine> Read(ReadOnlyMemory<byte> file, List<PriceProblem> problems)
    {
        var lines = new SortedDictionary<string, (PriceLine Line, bool Prefixed)>(StringComparer.OrdinalIgnoreCase);
        try
        {
            using var document = JsonDocument.Parse(file);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                problems.Add(new("file", "not a JSON object of models"));
                return [];
            }

            foreach (var model in document.RootElement.EnumerateObject())
            {
                if (IsText(model.Value) && ReadModel(model.Name, model.Value, problems) is { } line)
                {
                    var prefixed = !string.Equals(line.Model, model.Name, StringComparison.Ordinal);
                    lines[line.Name] = lines.TryGetValue(line.Name, out var twin) ? Better(twin, (line, prefixed)) : (line, prefixed);
                }
            }
        }
        catch (JsonException exception)
        {
            problems.Add(new("file", exception.Message));
            return [];
        }

        return [.. lines.Values.Select(l => l.Line)];
    }

    private static bool IsText(JsonElement model)
        => model.ValueKind == JsonValueKind.Object && model.TryGetProperty("mode", out var mode) && mode.ValueKind == JsonValueKind.String
            && mode.GetString() is "chat" or "responses" or "completion";

    private static PriceLine? ReadModel(string key, JsonElement model, List<PriceProblem> problems)
    {
        if (!model.TryGetProperty("litellm_provider", out var of) || of.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        var (provider, name) = LiteLlmNames.Ours(of.GetString()!, key);
        var cards = new LiteLlmCards($"{provider}/{name}", problems);
        foreach (var property in model.EnumerateObject())
        {
            if (LiteLlmPriceField.TryParse(property.Name, out var field))
            {
                cards.Set(field, Price(property.Value));
            }
            else if (property.NameEquals("tiered_pricing") && property.Value.ValueKind == JsonValueKind.Array)
            {
                ReadTiers(property.Value, cards);
            }
            else if (property.NameEquals("provider_specific_entry") && property.Value.ValueKind == JsonValueKind.Object && property.Value.TryGetProperty("fast", out var fast))
            {
                cards.Fast = Number(fast);
            }
        }

        if (cards.Base() is not { } prices)
        {
            return null;
        }

        var others = cards.Others();
        return new()
        {
            Provider = provider,
            Model = name,
            Input = prices.Input,
            Output = prices.Output,
            Read = prices.Read,
            Write = prices.Write,
            Write1h = prices.Write1h,
            InputAudio = prices.InputAudio,
            OutputAudio = prices.OutputAudio,
            Inclusive = provider == "xai" && others.Exists(c => c.Above > 0) ? true : null,
            Cards = others.Count > 0 ? others : null,
        };
    }

    // Qwen's: [{ "range": [0, 32000], "input_cost_per_token": … }, { "range": [32000, 128000], … }]
    private static void ReadTiers(JsonElement tiers, LiteLlmCards cards)
    {
        foreach (var tier in tiers.EnumerateArray())
        {
            if (tier.ValueKind != JsonValueKind.Object || !tier.TryGetProperty("range", out var range) || range.ValueKind != JsonValueKind.Array
                || range.GetArrayLength() == 0 || Number(range[0]) is not { } from || from is < 0 or > long.MaxValue)
            {
                continue;
            }

            foreach (var property in tier.EnumerateObject())
            {
                if (LiteLlmPriceField.TryParse(property.Name, out var field) && field.Above == 0)
                {
                    cards.Set(field with { Above = (long)from }, Price(property.Value));
                }
            }
        }
    }

    // The same model under two keys: the fuller one, else the one without the provider's prefix, which is the name it has there.
    private static (PriceLine Line, bool Prefixed) Better((PriceLine Line, bool Prefixed) a, (PriceLine Line, bool Prefixed) b)
    {
        var (fullA, fullB) = (Fullness(a.Line), Fullness(b.Line));
        return fullA != fullB ? (fullA > fullB ? a : b) : b.Prefixed ? a : b;
    }

    private static int Fullness(PriceLine line)
        => (line.Read is null ? 0 : 1) + (line.Write is null ? 0 : 1) + (line.Write1h is null ? 0 : 1);

    // Binary floats written out in full (2.9999999999999997e-07) come back to their price at a billionth of a dollar.
    private static decimal? Price(JsonElement value) => Number(value) is { } perToken and <= PriceOverride.Highest and >= -1
        ? Plain.Of(decimal.Round(perToken * PerMillion, 9))
        : null;

    private static decimal? Number(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
