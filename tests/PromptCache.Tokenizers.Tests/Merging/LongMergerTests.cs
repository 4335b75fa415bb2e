using PromptCache.Tokenizers.Merging;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Tests.Merging;

public sealed class LongMergerTests
{
    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Merge_WindowByWindow_SameAsWhole(string name)
    {
        const int Seed = 1234;
        var random = new Random(Seed);
        var vocabulary = Vocabulary.Read(name + ".bpe");
        var ranks = new RankTable(vocabulary);
        var whole = new HeapMerger(ranks);
        var windowed = new LongMerger(ranks, vocabulary, window: 256);
        for (var round = 0; round < 400; round++)
        {
            var piece = Piece(random, vocabulary);
            var expected = new List<int>();
            var found = new List<int>();

            whole.Merge(piece, expected);
            var count = windowed.Merge(piece, found);

            found.SequenceEqual(expected).ShouldBeTrue($"seed {Seed}, round {round}");
            count.ShouldBe(expected.Count);
            windowed.Merge(piece, null).ShouldBe(expected.Count);
        }
    }

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Capacity_AfterAWindowThatGrew_TellsOfIt(string name)
    {
        var vocabulary = Vocabulary.Read(name + ".bpe");
        var piece = Enumerable.Range(0, 100_000).Select(i => (byte)('a' + (i * 7 % 26))).ToArray();
        var small = new LongMerger(new RankTable(vocabulary), vocabulary, window: 256);
        var large = new LongMerger(new RankTable(vocabulary), vocabulary, window: 100_000);

        small.Merge(piece, null).ShouldBe(large.Merge(piece, null));

        small.Capacity.ShouldBeLessThan(4096);
        large.Capacity.ShouldBeGreaterThanOrEqualTo(100_000);
    }

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Merge_ShortPieces_SameAsHeap(string name)
    {
        const int Seed = 99;
        var random = new Random(Seed);
        var vocabulary = Vocabulary.Read(name + ".bpe");
        var ranks = new RankTable(vocabulary);
        var heap = new HeapMerger(ranks);
        var plain = new ShortMerger(ranks);
        for (var round = 0; round < 5000; round++)
        {
            var piece = Piece(random, vocabulary);
            piece = piece[..Math.Min(piece.Length, random.Next(1, ShortMerger.MaxLength + 1))];
            var expected = new List<int>();

            heap.Merge(piece, expected);

            plain.Merge(piece, 0, piece.Length).SequenceEqual(expected.ToArray()).ShouldBeTrue($"seed {Seed}, round {round}");
        }
    }

    // Few letters give long dependencies; tokens at random give joints that do not hold.
    private static byte[] Piece(Random random, Vocabulary vocabulary)
    {
        var piece = new List<byte>();
        var length = random.Next(1, 4000);
        var letters = random.Next(1, 27);
        var kind = random.Next(3);
        while (piece.Count < length)
        {
            switch (kind)
            {
                case 0: piece.Add((byte)('a' + random.Next(letters))); break;
                case 1: piece.Add((byte)random.Next(256)); break;
                default: piece.AddRange(vocabulary[random.Next(vocabulary.Count)]); break;
            }
        }

        return [.. piece];
    }
}
