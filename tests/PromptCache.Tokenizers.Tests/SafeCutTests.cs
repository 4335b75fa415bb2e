using System.Text;
using PromptCache.Tokenizers.Tests.Golden;

namespace PromptCache.Tokenizers.Tests;

public sealed class SafeCutTests
{
    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void FindSafeCut_EveryProposedCut_ChangesNoToken(string encoding)
    {
        var tokenizer = TestEncodings.Get(encoding);
        var cuts = 0;
        foreach (var vector in GoldenFile.Vectors.Where(v => v.Text.Length < 2000))
        {
            var whole = vector.For(encoding);
            for (var cut = tokenizer.FindSafeCut(vector.Text, int.MaxValue); cut > 0; cut = tokenizer.FindSafeCut(vector.Text, cut - 1))
            {
                cuts++;
                int[] parts = [.. tokenizer.Encode(vector.Text.AsSpan(0, cut)), .. tokenizer.Encode(vector.Text.AsSpan(cut))];
                parts.AsSpan().SequenceEqual(whole).ShouldBeTrue($"cut at {cut} of {Convert.ToHexStringLower(vector.Text)}");
            }
        }

        cuts.ShouldBeGreaterThan(4000);
    }

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void FindSafeCut_RandomBytes_ChangesNoToken(string encoding)
    {
        const int Seed = 97;
        var random = new Random(Seed);
        var tokenizer = TestEncodings.Get(encoding);
        byte[] common = [.. "  \n\r/aA1'.s"u8, 0xC3, 0xA9, 0xE4, 0xB8, 0xAD, 0xF0, 0xC2, 0xA0, 0xFF];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new byte[random.Next(1, 24)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = common[random.Next(common.Length)];
            }

            var cut = tokenizer.FindSafeCut(text, random.Next(text.Length + 1));
            if (cut > 0)
            {
                int[] parts = [.. tokenizer.Encode(text.AsSpan(0, cut)), .. tokenizer.Encode(text.AsSpan(cut))];
                parts.AsSpan().SequenceEqual(tokenizer.Encode(text)).ShouldBeTrue($"seed {Seed}, round {round}, cut at {cut} of {Convert.ToHexStringLower(text)}");
            }
        }
    }

    [Theory]
    [InlineData("one two", 7, 3)]
    [InlineData("one two", 3, 3)]
    [InlineData("one two", 2, 0)]
    [InlineData("one  two", 8, 3)]
    [InlineData("a\nb", 3, 2)]
    [InlineData("a\n9", 3, 2)]
    [InlineData("a\r\né", 5, 3)]
    [InlineData("a\n\"b", 4, 0)]
    [InlineData("a\n/b", 4, 0)]
    [InlineData("\u00a0 x", 4, 0)]
    [InlineData("abc", 100, 0)]
    [InlineData("abc", -1, 0)]
    [InlineData(" ", 1, 0)]
    [InlineData("", 0, 0)]
    public void FindSafeCut_SmallText_LastCutAtOrBefore(string text, int near, int expected)
        => TestEncodings.Get("o200k_base").FindSafeCut(Encoding.UTF8.GetBytes(text), near).ShouldBe(expected);
}
