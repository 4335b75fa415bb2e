using System.Text;
using System.Text.Json;
using PromptCache.Core.Requests;

namespace PromptCache.Core.Tests.Requests;

public class HostileBodyTests
{
    [Fact]
    public void TryRead_CutAnywhere_RefusesWithAPositionInTheBody()
    {
        var whole = Bodies.Utf8(Bodies.Rich);
        Bodies.TryAll(whole, out _).ShouldBeTrue();
        for (var length = 0; length < whole.Length; length++)
        {
            PromptRequestReader.TryRead(whole.AsMemory(0, length), out _, out var error).ShouldBeFalse($"length {length}");
            error!.Code.ShouldBe("invalid_json", $"length {length}");
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void TryRead_RandomlyBroken_NeverThrowsAndAgreesWithTheReferenceParser(int seed)
    {
        var random = new Random(seed);
        var whole = Bodies.Utf8(Bodies.Rich);
        for (var round = 0; round < 5_000; round++)
        {
            var body = Mutate(whole, random);
            Bodies.TryAll(body, out var error);
            var grammatical = error?.Code is not ("invalid_json" or "too_deep");
            if (grammatical != IsJson(body))
            {
                Assert.Fail($"seed {seed}, round {round}: {error} {Encoding.Latin1.GetString(body)}");
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("not json")]
    [InlineData("{\"model\":\"m\",}")]
    [InlineData("{\"model\":\"m\"")]
    [InlineData("{'model':1}")]
    [InlineData("{\"model\":01}")]
    [InlineData("{\"model\":1.}")]
    [InlineData("{\"model\":-}")]
    [InlineData("{\"model\":tru}")]
    [InlineData("{\"model\":\"\\x\"}")]
    [InlineData("{\"model\":\"\\u12g4\"}")]
    [InlineData("{\"model\":\"a\nb\"}")]
    [InlineData("{\"model\":\"m\"} x")]
    [InlineData("{\"model\":\"m\"}{}")]
    [InlineData("{\"model\":[1 2]}")]
    [InlineData("{\"model\":[}")]
    [InlineData("{\"model\":[1}")]
    [InlineData("{\"a\" 1}")]
    [InlineData("{/**/}")]
    public void TryRead_Malformed_InvalidJsonWithoutTheText(string body)
    {
        var error = Bodies.Refused(body);

        error.Code.ShouldBe("invalid_json");
        error.Param.ShouldBeNull();
    }

    [Fact]
    public void TryRead_Malformed_NamesTheByteAndEchoesNothing()
        => Bodies.Refused("{\"model\": SECRET}").Message.ShouldBe("The request body is not valid JSON: unexpected content at byte 10.");

    [Fact]
    public void TryRead_ByteOrderMark_Refused() => Bodies.Refused("\uFEFF{}").Message.ShouldContain("byte order mark");

    [Fact]
    public void TryRead_InvalidUtf8_NamesTheByte()
    {
        byte[] body = [.. "{\"model\":\""u8, 0xC3, 0x28, .. "\"}"u8];

        PromptRequestReader.TryRead(body, out _, out var error).ShouldBeFalse();

        error!.Message.ShouldContain("invalid UTF-8 at byte 10");
    }

    [Theory]
    [InlineData(62, true)]
    [InlineData(63, true)]
    [InlineData(64, false)]
    [InlineData(100_000, false)]
    public void TryRead_Nested_AcceptedUpTo64Levels(int arrays, bool accepted)
    {
        var body = Bodies.Chat("""{"role":"user","content":"x"}""", $",\"x\":{new string('[', arrays)}{new string(']', arrays)}");

        PromptRequestReader.TryRead(Bodies.Utf8(body), out _, out var error).ShouldBe(accepted);

        error?.Code.ShouldBe("too_deep");
    }

    [Fact]
    public void TryRead_TooManyFields_Refused()
        => Bodies.Refused($"{{{string.Join(',', Enumerable.Repeat("\"a\":0", 1025))}}}").Code.ShouldBe("too_many");

    [Fact]
    public void TryCut_TooManyParts_Refused()
        => Bodies.CutRefused(Bodies.Chat($$"""{"role":"user","content":[{{string.Join(',', Enumerable.Repeat("""{"type":""}""", 100_001))}}]}""")).Code.ShouldBe("too_many");

    private static byte[] Mutate(byte[] whole, Random random)
    {
        var tokens = new[] { "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "null", "true", "0", "-", "1e5", " ", "\u0001", "\u00e9", "\\ud800", "\"role\":", "\"content\":", "\"text\"", "{}", "[]" };
        var body = new List<byte>(whole);
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(body.Count);
            switch (random.Next(4))
            {
                case 0:
                    body[at] = (byte)random.Next(256);
                    break;
                case 1:
                    body.RemoveRange(at, Math.Min(random.Next(1, 9), body.Count - at));
                    break;
                case 2:
                    body.InsertRange(at, Encoding.UTF8.GetBytes(tokens[random.Next(tokens.Length)]));
                    break;
                default:
                    var from = random.Next(body.Count);
                    body.InsertRange(at, body.GetRange(from, Math.Min(random.Next(1, 60), body.Count - from)));
                    break;
            }
        }

        return [.. body];
    }

    private static bool IsJson(byte[] body)
    {
        try
        {
            new UTF8Encoding(false, throwOnInvalidBytes: true).GetCharCount(body);
            var reader = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = 64 });
            while (reader.Read())
            {
            }

            return true;
        }
        catch (Exception e) when (e is JsonException or DecoderFallbackException)
        {
            return false;
        }
    }
}
