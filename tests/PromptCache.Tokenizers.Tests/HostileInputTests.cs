using System.Text;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Tests;

public sealed class HostileInputTests
{
    private const int Megabyte = 1 << 20;

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Encode_InvalidUtf8_AsIfReplaced(string encoding)
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        var tokenizer = TestEncodings.Get(encoding);
        byte[] likely = [0x20, 0x61, 0x41, 0x0A, 0x80, 0xBF, 0xC0, 0xC3, 0xA9, 0xE2, 0x82, 0xAC, 0xED, 0xA0, 0xF0, 0x9F, 0x98, 0x80, 0xF4, 0x90, 0xFF];
        for (var round = 0; round < 20_000; round++)
        {
            var text = new byte[random.Next(1, 20)];
            for (var i = 0; i < text.Length; i++)
            {
                text[i] = likely[random.Next(likely.Length)];
            }

            var repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));
            tokenizer.Encode(text).AsSpan().SequenceEqual(tokenizer.Encode(repaired)).ShouldBeTrue($"seed {Seed}, round {round}: {Convert.ToHexStringLower(text)}");
        }
    }

    [Fact]
    public void Encode_SurrogateBytes_OneReplacementPerByte()
        => TestEncodings.Get("o200k_base").Encode([0xED, 0xA0, 0x80]).ShouldBe(TestEncodings.Get("o200k_base").Encode("\uFFFD\uFFFD\uFFFD"));

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("\t")]
    [InlineData("-")]
    [InlineData("/")]
    [InlineData("中")]
    [InlineData("ab")]
    [InlineData("\u0301")]
    [InlineData("7")]
    [InlineData("A")]
    [InlineData("😀")]
    [InlineData("thequickbrownfox")]
    public void Encode_MegabyteOfOneThing_KeepsEveryByte(string thing)
    {
        var text = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(thing, Megabyte / Encoding.UTF8.GetByteCount(thing))));
        foreach (var name in new[] { "o200k_base", "cl100k_base" })
        {
            var tokenizer = TestEncodings.Get(name);
            var vocabulary = Vocabulary.Read(name + ".bpe");

            var ids = tokenizer.Encode(text);

            var rest = text.AsSpan();
            foreach (var id in ids)
            {
                rest.StartsWith(vocabulary[id]).ShouldBeTrue();
                rest = rest[vocabulary[id].Length..];
            }

            rest.IsEmpty.ShouldBeTrue();
            tokenizer.Count(text).ShouldBe(ids.Length);
        }
    }

    [Fact]
    public void Encode_MegabyteOfRandomBytes_SameAsRepaired()
    {
        var random = new Random(31);
        var text = new byte[Megabyte];
        random.NextBytes(text);
        var tokenizer = TestEncodings.Get("o200k_base");

        var repaired = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(text));

        tokenizer.Count(text).ShouldBe(tokenizer.Count(repaired));
    }

    [Fact]
    public void Encode_MegabyteOfRandomLetters_SameAsItsOwnCount()
    {
        var random = new Random(32);
        var text = new byte[Megabyte];
        for (var i = 0; i < text.Length; i++)
        {
            text[i] = (byte)('a' + random.Next(26));
        }

        var tokenizer = TestEncodings.Get("cl100k_base");

        tokenizer.Encode(text).Length.ShouldBe(tokenizer.Count(text));
    }

    [Fact]
    public void Encode_Empty_Nothing()
    {
        TestEncodings.Get("o200k_base").Encode([]).ShouldBeEmpty();
        TestEncodings.Get("o200k_base").Count([]).ShouldBe(0);
    }

    [Fact]
    public void Encode_ListWithContent_Appends()
    {
        var ids = new List<int> { -1 };

        TestEncodings.Get("cl100k_base").Encode("hello world"u8, ids);

        ids.ShouldBe([-1, 15339, 1917]);
    }
}
