using System.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Wire;

public sealed class SseScannerTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "data: a\n\n|data: b\n\n")]
    [InlineData("data: a\r\n\r\ndata: b\r\n\r\n", "data: a\r\n\r\n|data: b\r\n\r\n")]
    [InlineData("data: a\r\rdata: b\r\r", "data: a\r\r|data: b\r\r")]
    [InlineData("data: a\r\n\ndata: b\n\r\n", "data: a\r\n\n|data: b\n\r\n")]
    [InlineData("data: a\n\r\ndata: b\r\n\rdata: c\n\n", "data: a\n\r\n|data: b\r\n\r|data: c\n\n")]
    [InlineData(": ping\n\nevent: x\nid: 1\ndata: a\ndata: b\n\n", ": ping\n\n|event: x\nid: 1\ndata: a\ndata: b\n\n")]
    [InlineData("\n\n\ndata: a\n\n", "\n|\n|\n|data: a\n\n")]
    [InlineData("data: a\n", "data: a\n")]
    [InlineData("data: a", "data: a")]
    public void Scan_CutAnywhere_SameEvents(string wire, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        Split([bytes]).ShouldBe(expected);
        Split(bytes.Chunk(1)).ShouldBe(expected);
        for (var cut = 1; cut < bytes.Length; cut++)
        {
            Split([bytes[..cut], bytes[cut..]]).ShouldBe(expected, $"cut at {cut}");
        }
    }

    [Fact]
    public void Scan_LoneReturnEndsEvent_DoesNotWaitForLineFeed()
    {
        var scanner = default(SseScanner);
        scanner.Scan("data: a\r\n\r"u8).ShouldBe(10);
        scanner.TakesLineFeed("\n"u8).ShouldBeTrue();
        scanner.TakesLineFeed("\n"u8).ShouldBeFalse();
    }

    [Fact]
    public void Scan_LineNotEnded_IsMidLine()
    {
        var scanner = default(SseScanner);
        scanner.Scan("data"u8).ShouldBe(0);
        scanner.IsMidLine.ShouldBeTrue();
        scanner.Scan("\n"u8).ShouldBe(0);
        scanner.IsMidLine.ShouldBeFalse();
    }

    // Joins events with '|', the unfinished rest as the last one.
    private static string Split(IEnumerable<byte[]> pieces)
    {
        var scanner = default(SseScanner);
        var events = new List<string>();
        var current = new StringBuilder();
        foreach (var piece in pieces)
        {
            var at = 0;
            while (at < piece.Length)
            {
                if (current.Length == 0 && scanner.TakesLineFeed(piece.AsSpan(at)))
                {
                    events[^1] += "\n";
                    at++;
                    continue;
                }

                var length = scanner.Scan(piece.AsSpan(at));
                var end = length == 0 ? piece.Length : at + length;
                current.Append(Encoding.UTF8.GetString(piece.AsSpan(at, end - at)));
                at = end;
                if (length > 0)
                {
                    events.Add(current.ToString());
                    current.Clear();
                }
            }
        }

        return string.Join('|', current.Length > 0 ? [.. events, current.ToString()] : events);
    }
}
