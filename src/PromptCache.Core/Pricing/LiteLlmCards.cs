namespace PromptCache.Core.Pricing;

/// <summary>Gathers one model's prices from LiteLLM's flat fields into cards, and leaves out what cannot be a price.</summary>
internal sealed class LiteLlmCards(string name, List<PriceProblem> problems)
{
    private readonly SortedDictionary<(string Tier, long Above), PriceCardLine> _cards = new();

    /// <summary>The factor of the fast mode, where the model has one.</summary>
    public decimal? Fast { get; set; }

    public void Set(LiteLlmPriceField field, decimal? price)
    {
        if (price is null or < 0)
        {
            return;
        }

        var at = (field.Tier ?? "", field.Above);
        var card = _cards.GetValueOrDefault(at) ?? new() { Tier = field.Tier, Above = field.Above == 0 ? null : field.Above };
        _cards[at] = field.Rate switch
        {
            LiteLlmRate.Input => card with { Input = price },
            LiteLlmRate.Output => card with { Output = price },
            LiteLlmRate.Read => card with { Read = price },
            LiteLlmRate.Write => card with { Write = price },
            LiteLlmRate.InputAudio => card with { InputAudio = price },
            LiteLlmRate.OutputAudio => card with { OutputAudio = price },
            _ => card with { Write1h = price },
        };
    }

    /// <summary>The standard prices; null when the file has none for this model.</summary>
    public PriceCardLine? Base() => _cards.GetValueOrDefault(("", 0)) is { Input: not null } card ? Believable(card, card) : null;

    /// <summary>All other cards, by tier and length.</summary>
    public List<PriceCardLine> Others()
    {
        var standard = _cards.GetValueOrDefault(("", 0));
        if (standard is { Input: { } input, Output: { } output } && Fast is > 0 and < 100 and var fast)
        {
            _cards[("fast", 0)] = new() { Tier = "fast", Input = Plain.Of(input * fast), Output = Plain.Of(output * fast) };
        }

        return [.. _cards.Where(c => c.Key != ("", 0) && c.Value.HasPrice()).Select(c => Believable(c.Value, standard!)).Where(c => c.HasPrice())];
    }

    // The file says 0 where a provider charges nothing extra, and holds a few prices in the wrong field.
    private PriceCardLine Believable(PriceCardLine card, PriceCardLine standard)
    {
        var input = card.Input ?? standard.Input;
        if (input is null or 0)
        {
            return card;
        }

        if (card.Read == 0 || card.Read > input)
        {
            Warn($"read {card.Read} at input {input} is left out");
            card = card with { Read = null };
        }

        if (card.Write < input)
        {
            if (card.Write > 0)
            {
                Warn($"write {card.Write} below input {input} is left out");
            }

            card = card with { Write = null };
        }

        if (card.InputAudio < input || card.OutputAudio < (card.Output ?? standard.Output))
        {
            Warn($"audio {card.InputAudio} / {card.OutputAudio} below text is left out");
            card = card with { InputAudio = null, OutputAudio = null };
        }

        if (card.Write1h < input || card.Write1h < card.Write)
        {
            Warn($"write1h {card.Write1h} below write {card.Write ?? input} is left out");
            card = card with { Write1h = null };
        }

        return card;
    }

    private void Warn(string text) => problems.Add(new(name, text, IsError: false));
}
