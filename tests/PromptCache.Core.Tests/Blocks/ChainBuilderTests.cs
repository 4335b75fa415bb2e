using System.Text;
using PromptCache.Core.Blocks;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tokens;
using static PromptCache.Core.Tests.Blocks.PromptDraft;

namespace PromptCache.Core.Tests.Blocks;

public sealed class ChainBuilderTests
{
    private static readonly byte[] Secret = "0123456789abcdef0123456789abcdef"u8.ToArray();
    private static readonly ChainIdentity Identity = new("acme", "openai", "gpt-4o", "words");

    private readonly WordTokenizer _words = new();
    private readonly ChainBuilder _builder = new(Secret, memoBytes: 1 << 20);

    [Fact]
    public void Build_KnownPrompt_IsTheGoldenChain()
    {
        // Made once with Python's hashlib and hmac from the layout that SegmentIdentity documents.
        using var list = new PromptDraft { Salt = "tool_choice=auto" }
            .System("be brief", starts: true)
            .User("hello there", starts: true)
            .Image("sha256:00ff", tokens: 85)
            .Build();

        var chain = _builder.Build(Identity, list, _words.Model());

        Convert.ToHexStringLower(chain.Hashes).ShouldBe(
            "5722af81f85376f6665d6cba4212b362eafa127d806eea3428a04ecbfe98a5ab"
            + "fdd32764d7b85de41f5add87c57a526b3b35a7b086fd152cd0659b5ba46d4f8d"
            + "c712b5e329b613c47c056a4ff85a5ed92216360e4805d2fe39740a390fb57bf7");
        chain.RootTag.ShouldBe(0x1A02506Eu);
    }

    [Fact]
    public void Build_AnySegments_AgreesWithThePlainChain()
    {
        const int Seed = 20261121;
        var random = new Random(Seed);
        ChainBuilder[] builders = [_builder, new ChainBuilder(Secret, memoBytes: 0), new ChainBuilder(Secret, memoBytes: 60_000)];
        for (var round = 0; round < 60; round++)
        {
            using var list = RandomPrompt(random);
            // The same pieces in chains of two models: what the memo keeps of one must not leak into the other.
            foreach (var identity in (ChainIdentity[])[Identity, Identity with { Model = "other" }, Identity])
            {
                var expected = PlainChain.Build(Secret, identity, list, _words);
                foreach (var builder in builders)
                {
                    var chain = builder.Build(identity, list, _words.Model());
                    chain.Count.ShouldBe(expected.Count, $"seed {Seed}, round {round}");
                    for (var i = 0; i < expected.Count; i++)
                    {
                        chain.HashOf(i).SequenceEqual(expected[i]).ShouldBeTrue($"seed {Seed}, round {round}, block {i}");
                    }
                }
            }
        }
    }

    [Fact]
    public void Build_LongText_CutsBlocksOf128AndRestartsTheGridAtEachSegment()
    {
        using var list = new PromptDraft().System(Words(300, "a")).User(Words(128, "b")).User("one two").Build();

        var chain = _builder.Build(Identity, list, _words.Model());

        chain.SegmentEnds.ToArray().ShouldBe([3, 4, 5]);
        Enumerable.Range(0, 6).Select(chain.TokensAt).ShouldBe([0, 128, 256, 300, 428, 430]);
        chain.TotalTokens.ShouldBe(430);
        chain.ToolsEnd.ShouldBe(0);
        chain.SystemEnd.ShouldBe(3);
    }

    [Fact]
    public void Build_ToolsAndSystem_EndWhereTheirLevelsEnd()
    {
        using var list = new PromptDraft().Tool(Words(200, "t")).Tool("u").System("s").User("m").Build();

        var chain = _builder.Build(Identity, list, _words.Model());

        chain.ToolsEnd.ShouldBe(3);
        chain.SystemEnd.ShouldBe(4);
        chain.Count.ShouldBe(5);
    }

    [Fact]
    public void Build_Tools_AreBilledByTheirRuleSpreadOverTheirBlocks()
    {
        var json = """{"type":"function","function":{"name":"f","description":"LONG","parameters":{"type":"object","properties":{"a":{"type":"string","description":"e e1 e2"}}}}}"""
            .Replace("LONG", Words(450, "d"), StringComparison.Ordinal);
        var format = ChatFormat.O200k;
        var rule = ToolTokenRule.Count(Encoding.UTF8.GetBytes(json), _words, format);
        using var list = new PromptDraft().Tool(json).Tool(json).System("s").Build();

        var chain = _builder.Build(Identity, list, _words.Model(format));
        var again = _builder.Build(Identity, list, _words.Model(format with { FunctionInit = format.FunctionInit + 5 }));

        chain.SegmentEnds.ToArray().ShouldBe([4, 8, 9]);
        chain.TokensAt(4).ShouldBe(rule);
        chain.TokensAt(8).ShouldBe((2 * rule) + ToolTokenRule.ListEnd);
        Enumerable.Range(0, chain.Count).ShouldAllBe(i => chain.TokensAt(i) <= chain.TokensAt(i + 1));
        again.TokensAt(4).ShouldBe(rule + 5);
        again.Hashes.SequenceEqual(chain.Hashes).ShouldBeTrue();
    }

    [Fact]
    public void Build_NothingAtAll_IsAnEmptyChain()
    {
        using var list = new PromptDraft().Build();

        var chain = _builder.Build(Identity, list, _words.Model(ChatFormat.O200k));

        chain.Count.ShouldBe(0);
        chain.TotalTokens.ShouldBe(3);
    }

    [Fact]
    public void Build_Messages_CarryOverheadOnTheirFirstSegmentAndPrimingInTheTotal()
    {
        using var list = new PromptDraft()
            .System(Words(200, "s"), starts: true)
            .User("a b", starts: true)
            .User("c")
            .Image("digest", tokens: 85)
            .Build();

        var chain = _builder.Build(Identity, list, _words.Model(ChatFormat.O200k));

        // Each message 3 + 1 for the role's word; every reply is primed with 3.
        Enumerable.Range(1, 5).Select(chain.TokensAt).ShouldBe([132, 204, 210, 211, 296]);
        chain.TotalTokens.ShouldBe(299);
    }

    [Fact]
    public void Build_EmptyAndNullContent_IsStillABlock()
    {
        using var list = new PromptDraft()
            .User("")
            .Add(SegmentLevel.Messages, SegmentKind.Null, SegmentRole.Assistant, "", default, startsMessage: true)
            .Build();

        _builder.Build(Identity, list, _words.Model()).SegmentEnds.ToArray().ShouldBe([1, 2]);
    }

    [Fact]
    public void Build_MarkersMoved_SameChain()
    {
        using var without = new PromptDraft().Tool("t").System("s").User("m").Build();
        using var with = new PromptDraft { Automatic = Marked }.Tool("t", Marked).System("s", ForAnHour).User("m").Build();

        Hex(with).ShouldBe(Hex(without));
    }

    [Fact]
    public void Build_SaltChanged_ToolsAndSystemStayAndMessagesChange()
    {
        using var none = new PromptDraft().Tool("t").System("s").User("m").Assistant("n").Build();
        using var auto = new PromptDraft { Salt = "auto" }.Tool("t").System("s").User("m").Assistant("n").Build();
        using var required = new PromptDraft { Salt = "required" }.Tool("t").System("s").User("m").Assistant("n").Build();

        CommonBlocks(none, auto).ShouldBe(2);
        CommonBlocks(auto, required).ShouldBe(2);
        _builder.Build(Identity, auto, _words.Model()).HashOf(3).SequenceEqual(_builder.Build(Identity, none, _words.Model()).HashOf(3)).ShouldBeFalse();
    }

    [Fact]
    public void Build_ToolChanged_NothingSurvives()
    {
        using var before = new PromptDraft().Tool("t").System("s").User("m").Build();
        using var after = new PromptDraft().Tool("T").System("s").User("m").Build();

        CommonBlocks(before, after).ShouldBe(0);
    }

    [Fact]
    public void Build_SystemChanged_ToolsSurvive()
    {
        using var before = new PromptDraft().Tool("t").System("s").User("m").Build();
        using var after = new PromptDraft().Tool("t").System("S").User("m").Build();

        CommonBlocks(before, after).ShouldBe(1);
    }

    [Fact]
    public void Build_OneSegmentChanged_BlocksBeforeStayAndAllFromItOnDiffer()
    {
        const int Seed = 4711;
        var random = new Random(Seed);
        for (var round = 0; round < 100; round++)
        {
            var sizes = Enumerable.Range(0, 2 + random.Next(6)).Select(_ => 1 + random.Next(400)).ToArray();
            var changed = random.Next(sizes.Length);
            var at = random.Next(sizes[changed]);
            using var before = Prompt(sizes, -1, 0);
            using var after = Prompt(sizes, changed, at);
            var left = _builder.Build(Identity, before, _words.Model());
            var right = _builder.Build(Identity, after, _words.Model());
            var expected = (changed == 0 ? 0 : left.SegmentEnds[changed - 1]) + (at / 128);

            var common = Common(left, right);

            common.ShouldBe(expected, $"seed {Seed}, round {round}");
            for (var i = common; i < left.Count; i++)
            {
                left.HashOf(i).SequenceEqual(right.HashOf(i)).ShouldBeFalse($"seed {Seed}, round {round}, block {i}");
            }
        }

        static SegmentList Prompt(int[] sizes, int changed, int at)
        {
            var draft = new PromptDraft();
            for (var i = 0; i < sizes.Length; i++)
            {
                var words = Words(sizes[i], $"w{i}x").Split(' ');
                if (i == changed)
                {
                    words[at] += "!";
                }

                draft.User(string.Join(' ', words));
            }

            return draft.Build();
        }
    }

    [Fact]
    public void Build_TextGrew_KeepsItsFullBlocksAndNoShortBlockPassesForALongerOne()
    {
        for (var length = 1; length < 1500; length += 37)
        {
            using var before = new PromptDraft().User(Words(length, "word")).Build();
            using var after = new PromptDraft().User(Words(length + 90, "word")).Build();

            CommonBlocks(before, after).ShouldBe(length / 128, $"{length} words");
        }
    }

    [Fact]
    public void Build_TwoPartsOneLongerPartAndTwoMessages_AreThreeDifferentPrompts()
    {
        var (first, second) = (Words(128, "a"), Words(3, " b"));
        using var joined = new PromptDraft().User(first + second, starts: true).Build();
        using var parts = new PromptDraft().User(first, starts: true).User(second).Build();
        using var messages = new PromptDraft().User(first, starts: true).User(second, starts: true).Build();

        CommonBlocks(joined, parts).ShouldBe(1);
        CommonBlocks(parts, messages).ShouldBe(1);
        CommonBlocks(joined, messages).ShouldBe(1);
    }

    [Fact]
    public void Build_SameTextOfAnotherKindRoleLevelOrHeader_Differs()
    {
        var variants = new List<PromptDraft>
        {
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.User, "x", default, false),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Refusal, SegmentRole.User, "x", default, false),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.Assistant, "x", default, false),
            new PromptDraft().Add(SegmentLevel.System, SegmentKind.Text, SegmentRole.User, "x", default, false),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.User, "x", default, true),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.User, "x", default, false, header: "ab", trailer: "c"),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Text, SegmentRole.User, "x", default, false, header: "a", trailer: "bc"),
            new PromptDraft().Add(SegmentLevel.Messages, SegmentKind.Image, SegmentRole.User, "", default, false, header: "x"),
        };

        variants.Select(v => Hex(v.Build())).Distinct().Count().ShouldBe(variants.Count);
    }

    [Fact]
    public void Build_TenantsProvidersModelsTokenizers_NeverShareAHash()
    {
        using var list = new PromptDraft().System(Words(300, "s")).User("m").Build();
        ChainIdentity[] identities =
        [
            Identity,
            Identity with { Tenant = "other" },
            Identity with { Provider = "other" },
            Identity with { Model = "other" },
            Identity with { Tokenizer = "other" },
            new("ab", "c", "m", "t"),
            new("a", "bc", "m", "t"),
            new("a", "b", "cm", "t"),
            new("", "abc", "m", "t"),
        ];

        var hashes = identities.SelectMany(i => Blocks(_builder.Build(i, list, _words.Model()))).ToList();

        hashes.Distinct().Count().ShouldBe(identities.Length * 4);
        Blocks(new ChainBuilder("another secret"u8.ToArray(), 0).Build(Identity, list, _words.Model())).ShouldAllBe(h => !hashes.Contains(h));
    }

    [Fact]
    public void Build_SecondTime_ReadsNoTextAgain()
    {
        using var list = new PromptDraft().Tool(Words(50, "t")).System(Words(5000, "s"), starts: true).User("m", starts: true).Build();
        _builder.Build(Identity, list, _words.Model());
        var before = _words.BytesRead;

        _builder.Build(Identity, list, _words.Model());

        _words.BytesRead.ShouldBe(before);
    }

    [Fact]
    public void Build_DocumentGrew_ReadsTheLastPieceAndWhatIsNew()
    {
        var document = Words(20_000, "d");
        using var before = new PromptDraft().User(document).Build();
        using var after = new PromptDraft().User(document + Words(10, " new")).Build();
        _builder.Build(Identity, before, _words.Model());
        var read = _words.BytesRead;

        _builder.Build(Identity, after, _words.Model());

        (_words.BytesRead - read).ShouldBeLessThan(2 * 4096);
    }

    [Fact]
    public void Build_TextEndsWhereALongerOneIsCut_EachKeepsItsOwnBlocks()
    {
        var longer = Words(3000, "d");
        var bytes = Encoding.UTF8.GetBytes(longer);
        var first = _words.FindSafeCut(bytes, 4096);
        var second = first + _words.FindSafeCut(bytes.AsSpan(first), 4096);
        foreach (var end in (int[])[second, bytes.Length, first, bytes.Length, second])
        {
            using var list = new PromptDraft().User(longer[..end]).Build();

            Hex(list).ShouldBe(Convert.ToHexStringLower(PlainChain.Build(Secret, Identity, list, _words).SelectMany(h => h).ToArray()), $"{end} bytes");
        }
    }

    [Fact]
    public void Build_AnotherTenant_DoesNotProfitFromTheMemo()
    {
        using var list = new PromptDraft().User(Words(100, "d")).Build();
        _builder.Build(Identity, list, _words.Model());
        var before = _words.BytesRead;

        _builder.Build(Identity with { Tenant = "other" }, list, _words.Model());

        _words.BytesRead.ShouldBe(before + list.Bytes.Length);
    }

    [Fact]
    public void Build_OneEndlessWord_IsOneToken()
    {
        using var list = new PromptDraft().User(new string('x', 100_000)).Build();

        _builder.Build(Identity, list, _words.Model()).TokensAt(1).ShouldBe(1);
    }

    [Fact]
    public void Build_MoreTextThanTheMemoHolds_StaysWithinItsBytes()
    {
        var builder = new ChainBuilder(Secret, memoBytes: 64 * 1024);
        for (var i = 0; i < 2000; i++)
        {
            using var list = new PromptDraft().User(Words(200, $"d{i}")).Build();
            builder.Build(Identity, list, _words.Model());
        }

        builder.MemoBytes.ShouldBeInRange(1, 64 * 1024);
    }

    [Fact]
    public void Build_ManyThreads_AllGetTheSameChain()
    {
        using var list = RandomPrompt(new Random(7));
        var expected = Hex(list);
        var results = new string[64];

        Parallel.For(0, results.Length, i => results[i] = Hex(list));

        results.ShouldAllBe(r => r == expected);
    }

    private static SegmentList RandomPrompt(Random random)
    {
        var draft = new PromptDraft { Salt = random.Next(2) == 0 ? "" : "salt" };
        for (var i = random.Next(3); i > 0; i--)
        {
            draft.Tool(Words(random.Next(300), $"t{random.Next(5)}"));
        }

        for (var i = random.Next(3); i > 0; i--)
        {
            draft.System(Words(random.Next(3000), $"s{random.Next(5)}"), starts: random.Next(2) == 0);
        }

        for (var i = random.Next(8); i > 0; i--)
        {
            draft.Add(
                SegmentLevel.Messages,
                SegmentKind.Text,
                (SegmentRole)random.Next(8),
                Words(random.Next(4) == 0 ? random.Next(4000) : random.Next(40), $"m{random.Next(5)}"),
                default,
                random.Next(2) == 0,
                header: random.Next(3) == 0 ? Encoding.UTF8.GetString(new byte[random.Next(20)]) : "",
                trailer: random.Next(3) == 0 ? "trailer" : "");
        }

        return draft.Build();
    }

    private static List<string> Blocks(BlockChain chain)
        => Enumerable.Range(0, chain.Count).Select(i => Convert.ToHexStringLower(chain.HashOf(i))).ToList();

    private static int Common(BlockChain left, BlockChain right)
    {
        var common = 0;
        while (common < Math.Min(left.Count, right.Count) && left.HashOf(common).SequenceEqual(right.HashOf(common)))
        {
            common++;
        }

        return common;
    }

    private int CommonBlocks(SegmentList left, SegmentList right)
        => Common(_builder.Build(Identity, left, _words.Model()), _builder.Build(Identity, right, _words.Model()));

    private string Hex(SegmentList list) => Convert.ToHexStringLower(_builder.Build(Identity, list, _words.Model()).Hashes);
}
