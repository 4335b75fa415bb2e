using System.Buffers.Binary;
using System.Text;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Tests.Requests;

namespace PromptCache.Core.Tests.Prefixes;

public class ImageTokensTests
{
    // The first two are the examples in OpenAI's guide.
    [Theory]
    [InlineData(1024, 1024, 765)]
    [InlineData(2048, 4096, 1105)]
    [InlineData(1, 1, 255)]
    [InlineData(512, 512, 255)]
    [InlineData(513, 512, 425)]
    [InlineData(100_000, 10, 765)]
    [InlineData(int.MaxValue, int.MaxValue, 765)]
    public void OfSize_DocumentedRule(int width, int height, int tokens) => ImageTokens.OfSize(width, height).ShouldBe(tokens);

    [Theory]
    [InlineData("png")]
    [InlineData("gif")]
    [InlineData("webp-lossy")]
    [InlineData("webp-lossless")]
    [InlineData("webp-extended")]
    [InlineData("jpeg")]
    public void DataUrl_SizeInItsHeader_CountsItsTiles(string format)
    {
        // 600 x 400: two tiles.
        var url = $"data:image/x;base64,{Convert.ToBase64String(Header(format, 600, 400))}";

        Tokens($$$"""{"type":"image_url","image_url":{"url":"{{{url}}}"}}""").ShouldBe(85 + 2 * 170);
        Tokens($$$"""{"type":"image_url","image_url":{"url":"{{{url.Replace("/", "\\/", StringComparison.Ordinal)}}}","detail":"auto"}}""").ShouldBe(85 + 2 * 170);
        Tokens($$$"""{"type":"image_url","image_url":{"url":"{{{url}}}","detail":"low"}}""").ShouldBe(85);
        Tokens($$$"""{"type":"image","source":{"type":"base64","data":"{{{url[(url.IndexOf(',', StringComparison.Ordinal) + 1)..]}}}"}}""").ShouldBe(85 + 2 * 170);
    }

    [Theory]
    [InlineData("""{"type":"image_url","image_url":{"url":"https://x/y.png"}}""", 765)]
    [InlineData("""{"type":"image_url","image_url":"https://x/y.png"}""", 765)]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,####"}}""", 765)]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png;base64,"}}""", 765)]
    [InlineData("""{"type":"image_url","image_url":{"url":"data:image/png,abc"}}""", 765)]
    [InlineData("""{"type":"image_url"}""", 765)]
    [InlineData("""{"type":"image_url","image_url":7}""", 765)]
    [InlineData("""{"type":"file","file":{"file_id":"f"}}""", 1500)]
    [InlineData("""{"type":"input_audio","input_audio":{"data":"AAAA","format":"wav"}}""", 1)]
    [InlineData("""{"type":"input_audio"}""", 0)]
    public void Media_SizeUnknown_TakesTheDefault(string part, int tokens) => Tokens(part).ShouldBe(tokens);

    [Fact]
    public void TryRead_AnyBytes_NeverThrows()
    {
        var random = new Random(5);
        foreach (var format in new[] { "png", "gif", "webp-lossy", "webp-lossless", "webp-extended", "jpeg" })
        {
            var whole = Header(format, 600, 400);
            for (var round = 0; round < 500; round++)
            {
                var file = whole[..random.Next(whole.Length + 1)];
                if (file.Length > 0)
                {
                    file[random.Next(file.Length)] = (byte)random.Next(256);
                }

                if (ImageSize.TryRead(file, out var width, out var height))
                {
                    (width > 0 && height > 0).ShouldBeTrue();
                }
            }
        }
    }

    private static int Tokens(string part)
    {
        using var segments = Bodies.Cut(Bodies.Chat($$"""{"role":"user","content":[{{part}}]}"""));
        segments[0].Text.IsEmpty.ShouldBeTrue();
        return segments[0].FixedTokens;
    }

    private static byte[] Header(string format, int width, int height)
    {
        var file = new byte[600];
        switch (format)
        {
            case "png":
                ((ReadOnlySpan<byte>)[0x89, .. "PNG\r\n\u001a\n"u8]).CopyTo(file);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), width);
                BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), height);
                break;
            case "gif":
                "GIF89a"u8.CopyTo(file);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(6), (ushort)width);
                BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(8), (ushort)height);
                break;
            case "jpeg":
                // An application segment of 300 bytes, then the start of a progressive frame.
                ((ReadOnlySpan<byte>)[0xFF, 0xD8, 0xFF, 0xE1, 0x01, 0x2C]).CopyTo(file);
                ((ReadOnlySpan<byte>)[0xFF, 0xC2, 0, 17, 8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width]).CopyTo(file.AsSpan(304));
                break;
            default:
                "RIFF\0\0\0\0WEBPVP8"u8.CopyTo(file);
                WriteWebP(file, format, width, height);
                break;
        }

        return file;
    }

    private static void WriteWebP(byte[] file, string format, int width, int height)
    {
        file[15] = Encoding.ASCII.GetBytes(format == "webp-lossy" ? " " : format == "webp-lossless" ? "L" : "X")[0];
        if (file[15] == ' ')
        {
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(26), (ushort)width);
            BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(28), (ushort)height);
        }
        else if (file[15] == 'L')
        {
            BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(21), (uint)((width - 1) | ((height - 1) << 14)));
        }
        else
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(24), width - 1);
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(27), height - 1);
        }
    }
}
