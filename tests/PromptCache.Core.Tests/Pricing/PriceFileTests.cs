using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class PriceFileTests
{
    private const string Good = """{"provider":"acme","model":"m","input":2,"output":4,"read":0.5}""";

    [Fact]
    public void Load_GoodFile_HasItsEntries()
    {
        var book = Books.Load(Good, "", """{"provider":"acme","model":"n","input":1,"asOf":"2026-01-02","source":"elsewhere"}""").Book.ShouldNotBeNull();

        book.Entries.Select(e => (e.Model, e.AsOf, e.Source)).ShouldBe([("m", Books.Day, "test"), ("n", new DateOnly(2026, 1, 2), "elsewhere")]);
    }

    [Fact]
    public void Load_SeveralErrors_ReportsAllOfThem()
    {
        var load = Books.Load(
            Good,
            Good,
            "{ not json",
            """{"provider":"acme","model":"a","input":1,"read":2}""",
            """{"provider":"acme","model":"b","input":1,"write":1,"write1h":0.5}""",
            """{"provider":"acme","model":"c","input":-1}""",
            """{"provider":"acme","model":"d","output":1}""",
            """{"provider":"acme","model":"e","input":1,"cards":[{"utc":["25:00-26:00"],"input":1}]}""",
            """{"provider":"acme","model":"f","input":1,"above":5}""",
            """{"provider":"acme","model":"g","input":1,"inptu":2}""",
            """{"provider":"acme","model":"h","input":"1"}""",
            """{"model":"i","input":1}""");

        load.Book.ShouldBeNull();
        load.Problems.Select(p => p.Where).ShouldBe(
            ["line 4", "line 11", "line 12", "acme/m", "acme/a", "acme/b", "acme/c", "acme/d", "acme/e", "acme/f", "/i"], ignoreOrder: false);
        load.Problems.ShouldAllBe(p => p.IsError);
    }

    [Fact]
    public void Load_OddWritePrice_IsAWarning()
    {
        var load = Books.Load("""{"provider":"acme","model":"m","input":1,"write":3}""");

        load.IsValid.ShouldBeTrue();
        load.Problems.ShouldHaveSingleItem().ToString().ShouldBe("warning: acme/m: write 3 is not from 1.0 to 1.5 times input 1");
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"format":2,"asOf":"2026-11-21","source":"test"}""")]
    [InlineData("""{"format":1,"source":"test"}""")]
    [InlineData("""{"format":1,"asOf":"2026-11-21"}""")]
    [InlineData("\u0000\u0001\u00ff")]
    public void Load_NoPriceFile_IsRefusedWithAReason(string text)
    {
        var load = PriceBook.Load(Books.Text(text), Books.Day);

        load.Book.ShouldBeNull();
        load.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public void Load_CutAnywhere_NeverThrows()
    {
        var whole = Books.File(Good, """{"provider":"acme","model":"n","input":1,"cards":[{"tier":"flex","input":0.5}]}""").ToArray();
        for (var length = 0; length < whole.Length; length++)
        {
            using var cut = new MemoryStream(whole, 0, length);
            var load = PriceBook.Load(cut, Books.Day);
            (load.Book is null).ShouldBe(load.Errors.Any(), $"cut at {length}");
        }
    }

    [Fact]
    public void Load_TooLarge_IsRefused()
    {
        using var large = new MemoryStream(new byte[(16 * 1024 * 1024) + 1]);

        PriceBook.Load(large, Books.Day).Errors.ShouldHaveSingleItem().Text.ShouldBe("more than 16777216 bytes");
    }

    [Fact]
    public void WithEntries_AnotherBook_ReplacesWholeEntries()
    {
        var book = Books.Of(Good).WithEntries(Books.Of("""{"provider":"acme","model":"m","input":7}"""));

        book.TryFind(new("acme", "m"), out var price, out _).ShouldBeTrue();
        (price!.Base.Input, price.Base.CacheRead).ShouldBe((7m, null));
    }

    [Theory]
    [InlineData("22:00-02:00", "23:30", true)]
    [InlineData("22:00-02:00", "01:59", true)]
    [InlineData("22:00-02:00", "02:00", false)]
    [InlineData("01:00-04:00", "00:59", false)]
    public void Contains_Window_MayPassMidnight(string window, string time, bool contains)
    {
        UtcWindow.TryParse(window, out var parsed).ShouldBeTrue();

        parsed.Contains(TimeOnly.Parse(time, System.Globalization.CultureInfo.InvariantCulture)).ShouldBe(contains);
        parsed.ToString().ShouldBe(window);
    }
}
