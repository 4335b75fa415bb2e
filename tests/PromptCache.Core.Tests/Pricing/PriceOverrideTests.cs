using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class PriceOverrideTests
{
    private static readonly PriceBook Book = Books.Of(
        """{"provider":"acme","model":"m","input":2,"output":4,"read":0.5,"write":2.5,"cards":[{"above":1000,"input":4,"output":6,"read":1}]}""",
        """{"provider":"acme","model":"m-2025-01-01","input":3,"output":4}""");

    [Fact]
    public void WithOverrides_SomePrices_KeepsTheOthers()
    {
        var rates = Find(Book.WithOverrides([new() { Model = "m", CacheRead = 0.2m }]), "acme", "m").Base;

        (rates.Input, rates.Output, rates.CacheRead, rates.CacheWrite).ShouldBe((2m, 4m, 0.2m, 2.5m));
    }

    [Fact]
    public void WithOverrides_APrice_HoldsAtEveryLength()
    {
        var rates = Find(Book.WithOverrides([new() { Model = "m", Input = 1m }]), "acme", "m").Select(null, 5000).Rates;

        (rates.Input, rates.Output).ShouldBe((1m, 6m));
    }

    [Fact]
    public void WithOverrides_Several_TheFirstThatMatchesWinsAlone()
    {
        var book = Book.WithOverrides([new() { Model = "other", Input = 9 }, new() { Model = "m*", Input = 1m }, new() { Model = "m", Output = 7m }]);

        var rates = Find(book, "acme", "m").Base;

        (rates.Input, rates.Output).ShouldBe((1m, 4m));
        book.TryFind(new("acme", "m"), out _, out var explanation);
        explanation.ShouldBe("override 2 (m*) over acme/m");
    }

    [Theory]
    [InlineData("acme", true)]
    [InlineData("ACME", true)]
    [InlineData("other", false)]
    public void WithOverrides_ForAProvider_HoldsOnlyThere(string provider, bool holds)
        => (Find(Book.WithOverrides([new() { Model = "m", Provider = provider, Input = 1m }]), "acme", "m").Base.Input == 1m).ShouldBe(holds);

    [Fact]
    public void WithOverrides_ForAnAliasOfTheProvider_Holds()
        => Find(PriceBook.Shipped.WithOverrides([new() { Model = "gemini-2.5-pro", Provider = "google", Input = 1m }]), "gemini", "gemini-2.5-pro").Base.Input.ShouldBe(1m);

    [Theory]
    [InlineData("m-2025-01-01")]
    [InlineData("m-latest")]
    [InlineData("vendor/m")]
    [InlineData("vendor/m-20250101")]
    public void WithOverrides_UndatedName_HoldsForEverySpelling(string model)
        => Find(Book.WithOverrides([new() { Model = "m", Input = 1m }]), "acme", model).Base.Input.ShouldBe(1m);

    [Fact]
    public void WithOverrides_ModelThatTheBookLacks_IsPricedFromTheOverrideAlone()
    {
        var price = Find(Book.WithOverrides([new() { Model = "new-*", Input = 1m, Output = 2m }]), "vllm", "new-model");

        (price.Provider, price.Model, price.Base.Output, price.Base.CacheRead).ShouldBe(("vllm", "new-model", 2m, null));
    }

    [Fact]
    public void WithOverrides_NoInputAnywhere_StaysUnpriced()
        => Book.WithOverrides([new() { Model = "new", CacheRead = 1m }]).Cost(new("acme", "new"), new() { PromptTokens = 1, CompletionTokens = 0 }).Status.ShouldBe(CostStatus.Unpriced);

    [Theory]
    [InlineData("", 1, "Model is empty.")]
    [InlineData("m", -1, "Input is -1: a price is from 0 to 1000000 USD per million tokens.")]
    [InlineData("m", 1000001, "Input is 1000001: a price is from 0 to 1000000 USD per million tokens.")]
    public void Errors_BadOverride_SaysWhat(string model, int input, string error)
    {
        var bad = new PriceOverride { Model = model, Input = input };

        bad.Errors().ShouldBe([error]);
        Should.Throw<ArgumentException>(() => Book.WithOverrides([bad])).Message.ShouldStartWith(error);
    }

    [Fact]
    public void Errors_NoPrice_SaysSo() => new PriceOverride { Model = "m" }.Errors().ShouldBe(["It names no price."]);

    [Theory]
    [InlineData("*", "anything", true)]
    [InlineData("a*c", "abbbc", true)]
    [InlineData("a*c", "abbb", false)]
    [InlineData("*a*b*", "xxaxxbxx", true)]
    [InlineData("gpt-4o", "gpt-4o-mini", false)]
    [InlineData("GPT-*", "gpt-4o", true)]
    [InlineData("", "", true)]
    [InlineData("", "a", false)]
    public void Matches_Pattern_IsAnchoredAndCaseless(string pattern, string name, bool matches)
        => NamePattern.Matches(pattern, name).ShouldBe(matches);

    private static ModelPrice Find(PriceBook book, string provider, string model)
    {
        book.TryFind(new(provider, model), out var price, out var explanation).ShouldBeTrue(explanation);
        return price!;
    }
}
