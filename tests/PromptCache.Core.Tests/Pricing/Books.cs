using System.Text;
using PromptCache.Core.Pricing;

namespace PromptCache.Core.Tests.Pricing;

internal static class Books
{
    public static readonly DateOnly Day = new(2026, 11, 21);

    /// <summary>A book of these lines, through the public door.</summary>
    public static PriceBook Of(params string[] lines)
    {
        var load = Load(lines);
        load.Problems.ShouldBeEmpty();
        return load.Book.ShouldNotBeNull();
    }

    public static PriceLoad Load(params string[] lines) => PriceBook.Load(File(lines), Day);

    public static MemoryStream File(params string[] lines)
        => Text("""{"format":1,"asOf":"2026-11-21","source":"test"}""" + "\n" + string.Join('\n', lines));

    public static MemoryStream Text(string text) => new(Encoding.UTF8.GetBytes(text));
}
