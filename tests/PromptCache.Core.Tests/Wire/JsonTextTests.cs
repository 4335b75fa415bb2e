using System.Text;
using System.Text.Json;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Wire;

public class JsonTextTests
{
    [Theory]
    [InlineData("plain", "plain", "plain")]
    [InlineData("", "", "")]
    [InlineData(@"a\nb\/c\\d\""e", "a\nb/c\\d\"e", @"a\nb/c\\d\""e")]
    [InlineData(@"\u0041\u00e9\u20AC", "Aé€", "Aé€")]
    [InlineData(@"\ud83d\ude00!", "😀!", "😀!")]
    [InlineData(@"\u000a\u0022\u005c\u0001\u001F", "\n\"\\\u0001\u001F", @"\n\""\\\u0001\u001f")]
    [InlineData(@"\b\f\r\t", "\b\f\r\t", @"\b\f\r\t")]
    [InlineData(@"\ud83d", "\uFFFD", "\uFFFD")]
    [InlineData(@"\ude00\ud83d", "\uFFFD\uFFFD", "\uFFFD\uFFFD")]
    [InlineData(@"\ud83d\ud83d\ude00", "\uFFFD😀", "\uFFFD😀")]
    [InlineData(@"\ud83d\n", "\uFFFD\n", @"�\n")]
    public void Escapes_AnySpelling_DecodeToTextAndNormalizeToOneSpelling(string raw, string text, string normal)
    {
        Apply(JsonEscapes.Decode, raw).ShouldBe(text);
        Apply(JsonEscapes.Normalize, raw).ShouldBe(normal);
        JsonEscapes.Spells(Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(text)).ShouldBeTrue();
        JsonEscapes.Spells(Encoding.UTF8.GetBytes(raw), Encoding.UTF8.GetBytes(text + "x")).ShouldBeFalse();
        JsonEscapes.DecodeToString(Encoding.UTF8.GetBytes(raw)).ShouldBe(text);
    }

    [Fact]
    public void Spells_TheEscapeItself_IsNotTheText() => JsonEscapes.Spells(@"a\n"u8, @"a\n"u8).ShouldBeFalse();

    [Theory]
    [InlineData("""{ "a" : [ 1.0 , -2e+5 , "x y" , { } , [ ] ] , "b" : null }""", """{"a":[1.0,-2e+5,"x y",{},[]],"b":null}""")]
    [InlineData("\t[ \"\\u0061\\/\" ,\r\n true ] ", """["a/",true]""")]
    public void Append_WhiteSpaceAndEscapes_OneSpelling(string json, string compact)
    {
        using var output = new PooledBytes();
        CompactJson.Append(Encoding.UTF8.GetBytes(json), output);
        Encoding.UTF8.GetString(output.Span).ShouldBe(compact);
    }

    [Theory]
    [InlineData("data:image\\/png;base64,", 600, true)]
    [InlineData("", 600, true)]
    [InlineData("", 500, false)]
    [InlineData("see: ", 600, false)]
    public void AppendDigesting_EmbeddedFiles_BecomeDigests(string start, int length, bool digested)
    {
        using var output = new PooledBytes();
        var json = Encoding.UTF8.GetBytes($$"""{"data":"{{start}}{{new string('A', length)}}","x":1}""");

        CompactJson.AppendDigesting(json, output).ShouldBe(digested);

        (output.Length == """{"data":#,"x":1}""".Length + 32).ShouldBe(digested);
    }

    [Fact]
    public void Cursor_RandomJson_FindsWhatTheReferenceParserFinds()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var json = Encoding.UTF8.GetBytes(RandomJson(random, 0));
            using var document = JsonDocument.Parse(json);
            var cursor = new JsonCursor(json, 0);

            Compare(json, ref cursor, document.RootElement, $"seed {seed}");

            cursor.Position.ShouldBe(json.AsSpan().TrimEnd(" \n"u8).Length, $"seed {seed}");
        }
    }

    private static void Compare(byte[] json, ref JsonCursor cursor, JsonElement expected, string seed)
    {
        var whole = new JsonCursor(json, cursor.Position).Skip();
        Encoding.UTF8.GetString(whole.Of(json)).ShouldBe(expected.GetRawText(), seed);
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object:
                cursor.Kind.ShouldBe(JsonKind.Object, seed);
                cursor.Enter();
                foreach (var member in expected.EnumerateObject())
                {
                    cursor.NextMember(out var name).ShouldBeTrue(seed);
                    JsonEscapes.DecodeToString(JsonScan.Unquote(json, name)).ShouldBe(member.Name, seed);
                    Compare(json, ref cursor, member.Value, seed);
                }

                cursor.NextMember(out _).ShouldBeFalse(seed);
                break;
            case JsonValueKind.Array:
                cursor.Kind.ShouldBe(JsonKind.Array, seed);
                cursor.Enter();
                foreach (var item in expected.EnumerateArray())
                {
                    cursor.NextItem().ShouldBeTrue(seed);
                    Compare(json, ref cursor, item, seed);
                }

                cursor.NextItem().ShouldBeFalse(seed);
                break;
            default:
                cursor.Skip();
                break;
        }
    }

    internal static string RandomJson(Random random, int depth)
    {
        string[] scalars = ["1", "-0.5e10", "true", "false", "null", "\"\"", "\"x\"", "\"\\\\\"", "\"a\\\"b{[]},:\"", "\"\\u00e9 é\"", "\"\\\\\\\"\""];
        var space = random.Next(3) == 0 ? " \n" : "";
        var items = Enumerable.Range(0, random.Next(4));
        return (random.Next(depth > 4 ? 1 : 3) switch
        {
            1 => $"[{space}{string.Join(space + ",", items.Select(_ => RandomJson(random, depth + 1)))}{space}]",
            2 => $"{{{space}{string.Join("," + space, items.Select(i => $"\"k\\u00e{i}{i}\"{space}:{space}{RandomJson(random, depth + 1)}"))}{space}}}",
            _ => scalars[random.Next(scalars.Length)],
        }) + space;
    }

    private delegate int Transform(ReadOnlySpan<byte> raw, Span<byte> output);

    private static string Apply(Transform transform, string raw)
    {
        var input = Encoding.UTF8.GetBytes(raw);
        var output = new byte[input.Length];
        return Encoding.UTF8.GetString(output.AsSpan(0, transform(input, output)));
    }
}
