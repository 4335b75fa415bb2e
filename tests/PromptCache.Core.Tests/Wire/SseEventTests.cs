using System.Buffers;
using System.Text;
using PromptCache.Core.Wire;

namespace PromptCache.Core.Tests.Wire;

public sealed class SseEventTests
{
    [Theory]
    [InlineData("data: {}\n\n", 1, "{}")]
    [InlineData("data:{}\n\n", 1, "{}")]
    [InlineData("data:  {}\n\n", 1, " {}")]
    [InlineData("data\n\n", 1, "")]
    [InlineData("data:\n\n", 1, "")]
    [InlineData("\uFEFFdata: {}\n\n", 1, "{}")]
    [InlineData("event: x\r\nid: 7\r\ndata: {}\r\n\r\n", 1, "{}")]
    [InlineData("data: {\ndata: }\n\n", 2, "{\n}")]
    [InlineData("data: {\r: comment\rdata:}\r\r", 2, "{\n}")]
    [InlineData(": comment\n\n", 0, "")]
    [InlineData("database: x\n\n", 0, "")]
    [InlineData("Data: x\n\n", 0, "")]
    [InlineData("data: tail", 1, "tail")]
    public void FindData_AnyForm_FindsWhatTheStandardSays(string wire, int lines, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        SseEvent.FindData(bytes, out var data).ShouldBe(lines);
        if (lines < 2)
        {
            Encoding.UTF8.GetString(data.Of(bytes)).ShouldBe(expected);
        }

        var joined = new ArrayBufferWriter<byte>();
        SseEvent.JoinData(bytes, joined);
        Encoding.UTF8.GetString(joined.WrittenSpan).ShouldBe(expected);
    }

    [Theory]
    [InlineData("data: {}\n\n", "[1]", "data: [1]\n\n")]
    [InlineData("event: x\r\ndata:{}\r\nid: 3\r\n\r\n", "[1]", "event: x\r\ndata:[1]\r\nid: 3\r\n\r\n")]
    [InlineData("\uFEFFdata: {}\n\n", "[1]", "\uFEFFdata: [1]\n\n")]
    [InlineData("data: {\n: c\ndata:}\r\n\n", "[\n1]", "data: [\n: c\ndata:1]\r\n\n")]
    [InlineData("data: {\ndata: }\n\n", "[1]", "data: [1]\n\n")]
    [InlineData("data: {}", "[1]", "data: [1]")]
    public void WriteWithData_AnyForm_KeepsTheRest(string wire, string data, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        SseEvent.WriteWithData(Encoding.UTF8.GetBytes(wire), Encoding.UTF8.GetBytes(data), output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    [Theory]
    [InlineData("data: {}\n\n")]
    [InlineData("\uFEFFevent: a\r\ndata: {\r\ndata:\r\ndata: }\r\n: c\r\n\r\n")]
    [InlineData("data\rdata: x\r\r")]
    public void WriteWithData_SameData_SameBytes(string wire)
    {
        var bytes = Encoding.UTF8.GetBytes(wire);
        var joined = new ArrayBufferWriter<byte>();
        SseEvent.JoinData(bytes, joined);
        var output = new ArrayBufferWriter<byte>();
        SseEvent.WriteWithData(bytes, joined.WrittenSpan, output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(wire);
    }

    [Theory]
    [InlineData("data: a\n\n", "\n")]
    [InlineData("data: a\r\n\r\n", "\r\n")]
    [InlineData("data: a\r\r", "\r")]
    [InlineData("data: a", "\n")]
    public void LineEndOf_Event_IsItsFirst(string wire, string expected)
        => Encoding.UTF8.GetString(SseEvent.LineEndOf(Encoding.UTF8.GetBytes(wire))).ShouldBe(expected);
}
