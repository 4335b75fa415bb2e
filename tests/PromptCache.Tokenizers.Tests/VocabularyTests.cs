using System.Security.Cryptography;
using System.Text;
using PromptCache.Tokenizers.Vocabularies;

namespace PromptCache.Tokenizers.Tests;

public sealed class VocabularyTests
{
    // The hashes that OpenAI publishes for its .tiktoken files (github.com/openai/tiktoken, tiktoken_ext/openai_public.py).
    [Theory]
    [InlineData("o200k_base", 199_998, "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d")]
    [InlineData("cl100k_base", 100_256, "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7")]
    public void Read_AsTiktokenText_HasThePublishedHash(string name, int count, string sha256)
    {
        var vocabulary = Vocabulary.Read(name + ".bpe");

        var text = new StringBuilder();
        for (var rank = 0; rank < vocabulary.Count; rank++)
        {
            text.Append(Convert.ToBase64String(vocabulary[rank])).Append(' ').Append(rank).Append('\n');
        }

        vocabulary.Count.ShouldBe(count);
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(text.ToString()))).ShouldBe(sha256);
    }

    [Theory]
    [MemberData(nameof(TestEncodings.Names), MemberType = typeof(TestEncodings))]
    public void Find_EveryToken_ItsRank(string name)
    {
        var vocabulary = Vocabulary.Read(name + ".bpe");
        var ranks = new RankTable(vocabulary);

        Enumerable.Range(0, vocabulary.Count).Where(rank => ranks.Find(vocabulary[rank], 0, vocabulary[rank].Length) != rank).ShouldBeEmpty();
    }

    [Fact]
    public void Find_BytesOfNoToken_None()
    {
        var ranks = new RankTable(Vocabulary.Read("cl100k_base.bpe"));

        ranks.Find([0xFF, 0xFF, 0xFF], 0, 3).ShouldBe(RankTable.None);
        ranks.Find("a\0"u8, 0, 2).ShouldBe(RankTable.None);   // the padding of a key is no text
        ranks.Find("zqzqzqzqzqzq"u8, 0, 12).ShouldBe(RankTable.None);
        ranks.Find("zqzqzqzqzqzqzqzqzqzqzqzq"u8, 0, 24).ShouldBe(RankTable.None);
        ranks.Find(new byte[500], 0, 500).ShouldBe(RankTable.None);
    }
}
