using System.Text;
using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

public sealed class PriceCommandsTests : IDisposable
{
    private const string Entry = """{"provider":"acme","model":"m","input":2,"output":4,"read":0.5}""";

    private readonly string _folder = Directory.CreateTempSubdirectory("prices").FullName;

    private string Target => Path.Combine(_folder, "sub", "prices.jsonl");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(null, 3)]
    [InlineData("acme", 2)]
    [InlineData("acme/m", 1)]
    [InlineData("*-mini", 1)]
    [InlineData("other/*", 1)]
    [InlineData("nothing", 0)]
    public void List_Filter_IsAPatternOrAPart(string? filter, int count)
        => PriceCommands.List(Books.Of(Entry, """{"provider":"acme","model":"x-mini","input":1}""", """{"provider":"other","model":"y","input":1}"""), filter).Count.ShouldBe(count);

    [Fact]
    public void TryShow_DatedName_SaysWhichEntryWhyAndEveryRow()
    {
        PriceCommands.TryShow(PriceBook.Shipped, "claude-sonnet-4-5@20250929", null, out var lines).ShouldBeTrue();

        lines[0].ShouldBe("anthropic/claude-sonnet-4-5");
        lines[1].ShouldBe("  entry:  anthropic/claude-sonnet-4-5, found for 'claude-sonnet-4-5@20250929' by another spelling (vendor, route or date)");
        lines[2].ShouldBe("  as of:  2026-08-01");
        lines[3].ShouldContain("LiteLLM");
        lines[5].ShouldBe("    standard: input 3  output 15  read 0.3  write 3.75  write 1h 6");
        lines.ShouldContain("    standard, prompt > 200000 tokens: input 6  output 22.5  read 0.6  write 7.5  write 1h 12");
        lines.ShouldContain("    batch: input 1.5  output 7.5  read 0.15  write 1.875  write 1h 3");
    }

    [Fact]
    public void TryShow_TimedAndInclusiveRows_AreSpelledOut()
    {
        PriceCommands.TryShow(PriceBook.Shipped, "deepseek-v4-pro", "deepseek", out var timed).ShouldBeTrue();
        PriceCommands.TryShow(PriceBook.Shipped, "grok-4.3", "xai", out var inclusive).ShouldBeTrue();
        PriceCommands.TryShow(PriceBook.Shipped, "gemini-3.8-flash", "gemini", out var dated).ShouldBeTrue();

        timed.ShouldContain("    standard, 01:00-04:00, 06:00-10:00 UTC Mon-Fri: input 1.32  output 3.96  read 0.044");
        inclusive.ShouldContain(l => l.Contains("prompt >= 200000 tokens", StringComparison.Ordinal));
        dated.ShouldContain(l => l.Contains("standard, from 2027-01-01: input 1.5", StringComparison.Ordinal));
    }

    [Fact]
    public void TryShow_UnknownModel_SaysSo()
    {
        PriceCommands.TryShow(PriceBook.Shipped, "gpt-99", "openai", out var lines).ShouldBeFalse();

        lines.ShouldBe(["no price is known for 'gpt-99' at 'openai'"]);
        PriceCommands.TryShow(PriceBook.Shipped, "gpt-99", null, out lines).ShouldBeFalse();
        lines.ShouldBe(["no price is known for 'gpt-99'"]);
    }

    [Theory]
    [InlineData("claude", "anthropic/claude-sonnet-4-5")]
    [InlineData("my-proxy", "anthropic/claude-sonnet-4-5, the vendor's price: the book has none for 'my-proxy'")]
    public void TryFind_ByProvider_SaysWhoseListItIs(string provider, string entry)
    {
        PriceBook.Shipped.TryFind(new(provider, "claude-sonnet-4-5"), out _, out var explanation).ShouldBeTrue();

        explanation.ShouldBe(entry);
    }

    [Fact]
    public void Refresh_GoodFile_IsWrittenAndThePreviousKept()
    {
        var first = PriceCommands.Refresh(Books.File(Entry), Target, PriceBook.Empty, Books.Day);
        var second = PriceCommands.Refresh(Books.File(Entry.Replace("\"input\":2", "\"input\":3", StringComparison.Ordinal)), Target, first.Book.ShouldNotBeNull(), Books.Day);

        (first.Added, second.Added, second.Changed, second.Removed).ShouldBe((1, 0, 1, 0));
        Read(Target).Entries.ShouldHaveSingleItem().Base.Input.ShouldBe(3m);
        Read($"{Target}.previous").Entries.ShouldHaveSingleItem().Base.Input.ShouldBe(2m);
        Directory.GetFiles(Path.GetDirectoryName(Target)!).Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("\"input\":2", "\"input\":21", "input went from 2 to 21")]
    [InlineData("\"output\":4", "\"output\":0", "output went from 4 to 0")]
    [InlineData("\"read\":0.5", "\"read\":0.04", "read went from 0.5 to 0.04")]
    public void Refresh_TenfoldJump_IsRefusedUnlessForced(string from, string to, string problem)
    {
        var current = Books.Of(Entry);
        var jump = Entry.Replace(from, to, StringComparison.Ordinal);

        var refused = PriceCommands.Refresh(Books.File(jump), Target, current, Books.Day);
        var existed = File.Exists(Target);
        var forced = PriceCommands.Refresh(Books.File(jump), Target, current, Books.Day, force: true);

        refused.Book.ShouldBeNull();
        refused.Problems.ShouldHaveSingleItem().ToString().ShouldBe($"error: acme/m: {problem}");
        existed.ShouldBeFalse();
        forced.Book.ShouldNotBeNull();
        forced.Problems.ShouldHaveSingleItem().IsError.ShouldBeFalse();
        File.Exists(Target).ShouldBeTrue();
    }

    [Fact]
    public void Refresh_ExactlyTenfold_Passes()
        => PriceCommands.Refresh(Books.File(Entry.Replace("\"input\":2", "\"input\":20", StringComparison.Ordinal)), Target, Books.Of(Entry), Books.Day).Book.ShouldNotBeNull();

    [Fact]
    public void Refresh_MostModelsGone_IsRefused()
    {
        var refresh = PriceCommands.Refresh(Books.File(Entry), Target, PriceBook.Shipped, Books.Day);

        refresh.Book.ShouldBeNull();
        refresh.Problems.ShouldHaveSingleItem().Where.ShouldBe("file");
    }

    [Fact]
    public void Refresh_BadFile_LeavesTheOldOneAlone()
    {
        PriceCommands.Refresh(Books.File(Entry), Target, PriceBook.Empty, Books.Day);
        var before = File.ReadAllBytes(Target);

        var refresh = PriceCommands.Refresh(Books.File(Entry, "{ broken"), Target, PriceBook.Empty, Books.Day, force: true);

        refresh.Book.ShouldBeNull();
        File.ReadAllBytes(Target).ShouldBe(before);
        File.Exists($"{Target}.previous").ShouldBeFalse();
    }

    [Fact]
    public void Refresh_LiteLlmFile_KeepsTheShippedCorrections()
    {
        const string LiteLlm = """
            {"claude-3-haiku-20240307": {"mode": "chat", "litellm_provider": "anthropic", "input_cost_per_token": 2.5e-07, "output_cost_per_token": 1.25e-06,
              "cache_creation_input_token_cost": 3e-07, "cache_creation_input_token_cost_above_1hr": 6e-06},
             "novita/x": {"mode": "chat", "litellm_provider": "novita", "input_cost_per_token": 1e-06}}
            """;

        var book = PriceCommands.Refresh(Books.Text(LiteLlm), Target, PriceBook.Empty, Books.Day).Book.ShouldNotBeNull();

        book.TryFind(new("anthropic", "claude-3-haiku-20240307"), out var haiku, out _).ShouldBeTrue();
        haiku!.Base.CacheWrite1h.ShouldBe(0.5m);
        book.TryFind(new("electron", "electron"), out _, out _).ShouldBeTrue();
        book.TryFind(new("novita", "x"), out _, out _).ShouldBeFalse();
        Read(Target).Entries.Count.ShouldBe(book.Entries.Count);
    }

    [Theory]
    [InlineData("""{"set":{"provider":"a","model":"m","input":1,"source":"s"}}""", "overlay line 1")]
    [InlineData("""{"set":{"provider":"a","model":"m","input":1,"asOf":"2026-01-01"}}""", "overlay line 1")]
    [InlineData("""{"drop":{"provider":"a","model":"m","source":"s"},"fill":{"provider":"a","model":"m","asOf":"2026-01-01","source":"s"}}""", "overlay line 1")]
    [InlineData("// fine\n{}", "overlay line 2")]
    [InlineData("// fine\n\n{ broken", "line 3")]
    public void Build_BadOverlayLine_IsAnError(string overlay, string where)
    {
        var problems = PriceCommands.Build(Books.Text("""{"m":{"mode":"chat","litellm_provider":"openai","input_cost_per_token":1e-06}}"""), Books.Text(overlay), Books.Day, out var file);

        file.ShouldBeNull();
        problems.ShouldHaveSingleItem().Where.ShouldBe(where);
    }

    [Fact]
    public void Build_SameInput_GivesTheSameBytes()
    {
        const string LiteLlm = """{"b":{"mode":"chat","litellm_provider":"openai","input_cost_per_token":1e-06},"a":{"mode":"chat","litellm_provider":"openai","input_cost_per_token":2e-06}}""";
        const string Overlay = """{"fill":{"provider":"openai","model":"a","read":0.1,"batch":0.5,"asOf":"2026-01-01","source":"s"}}""";

        PriceCommands.Build(Books.Text(LiteLlm), Books.Text(Overlay), Books.Day, out var once);
        PriceCommands.Build(Books.Text(LiteLlm), Books.Text(Overlay), Books.Day, out var twice);

        once.ShouldNotBeNull().ShouldBe(twice);
        Encoding.UTF8.GetString(once).ShouldBe("""
            {"format":1,"asOf":"2026-11-21","source":"LiteLLM model_prices_and_context_window.json (MIT)"}
            {"provider":"openai","model":"a","input":2,"read":0.2,"cards":[{"tier":"batch","input":1}]}
            {"provider":"openai","model":"b","input":1}

            """);
    }

    private static PriceBook Read(string path)
    {
        using var stream = File.OpenRead(path);
        return PriceCommands.Validate(stream, Books.Day).Book.ShouldNotBeNull();
    }
}
