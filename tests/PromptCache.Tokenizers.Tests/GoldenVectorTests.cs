using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using PromptCache.Tokenizers.Tests.Golden;

namespace PromptCache.Tokenizers.Tests;

public sealed class GoldenVectorTests
{
    public static TheoryData<string, string> NamedVectors
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var vector in GoldenFile.Vectors.Where(v => v.Name.Length > 0))
            {
                data.Add("o200k_base", vector.Name);
                data.Add("cl100k_base", vector.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(NamedVectors))]
    public void Encode_GoldenText_SameTokensAsTiktoken(string encoding, string name)
    {
        var vector = GoldenFile.Vectors.Single(v => v.Name == name);
        var tokenizer = TestEncodings.Get(encoding);

        tokenizer.Encode(vector.Text).ShouldBe(vector.For(encoding));
        tokenizer.Count(vector.Text).ShouldBe(vector.For(encoding).Length);
    }

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Encode_RandomTexts_SameTokensAsTiktoken(string encoding)
    {
        var vectors = GoldenFile.Vectors.Where(v => v.Name.Length == 0).ToList();
        var tokenizer = TestEncodings.Get(encoding);

        var differing = vectors.Where(v => !tokenizer.Encode(v.Text).AsSpan().SequenceEqual(v.For(encoding))).ToList();

        vectors.Count.ShouldBeGreaterThanOrEqualTo(4000);
        differing.Select(v => Convert.ToHexStringLower(v.Text)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("o200k_base", 0)]
    [InlineData("cl100k_base", 1)]
    public void Encode_EveryCodePoint_SameTokensAsTiktoken(string encoding, int column)
    {
        const int HashLength = 8;
        var expected = GoldenFile.Read("code-points.bin");
        var tokenizer = TestEncodings.Get(encoding);
        expected.Length.ShouldBe(0x110000 / 1024 * 2 * HashLength);

        var differing = new List<string>();
        for (var first = 0; first < 0x110000; first += 1024)
        {
            var ranks = tokenizer.Encode(Probe(first)).SelectMany(BitConverter.GetBytes).ToArray();
            var hash = expected.AsSpan(((first / 1024 * 2) + column) * HashLength, HashLength);
            if (!SHA256.HashData(ranks).AsSpan(0, HashLength).SequenceEqual(hash))
            {
                differing.Add($"U+{first:X4}");
            }
        }

        differing.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("o200k_base", 0)]
    [InlineData("cl100k_base", 1)]
    public void Encode_EveryStringOfFiveClasses_SameTokensAsTiktoken(string encoding, int column)
    {
        const int HashLength = 8;
        const string Alphabet = "Aaª\u03011 \u00a0\n!/'sſ𝒜";   // one of each class, and what the patterns name
        var letters = Alphabet.EnumerateRunes().Select(rune => rune.ToString()).ToArray();
        var expected = GoldenFile.Read("class-strings.bin");
        var tokenizer = TestEncodings.Get(encoding);
        expected.Length.ShouldBe(letters.Length * letters.Length * 2 * HashLength);

        var differing = new List<string>();
        for (var group = 0; group < letters.Length * letters.Length; group++)
        {
            var head = letters[group / letters.Length] + letters[group % letters.Length];
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var tail in letters.SelectMany(_ => letters, (a, b) => a + b).SelectMany(_ => letters, (ab, c) => ab + c))
            {
                var ranks = tokenizer.Encode(head + tail);
                hash.AppendData([(byte)ranks.Length]);
                hash.AppendData(MemoryMarshal.AsBytes(ranks.AsSpan()));
            }

            if (!hash.GetHashAndReset().AsSpan(0, HashLength).SequenceEqual(expected.AsSpan(((group * 2) + column) * HashLength, HashLength)))
            {
                differing.Add(head);
            }
        }

        differing.ShouldBeEmpty();
    }

    // The same text as in eng/vocabularies/golden.mjs.
    private static string Probe(int first)
    {
        var text = new StringBuilder();
        for (var c = first; c < first + 1024; c++)
        {
            if (Rune.IsValid(c))
            {
                var s = new Rune(c).ToString();
                text.Append($"x{s}Y {s}{s}a1{s}2 {s}\n{s}Ab'{s}\n");
            }
        }

        return text.ToString();
    }
}
