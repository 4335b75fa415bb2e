using System.Buffers;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;

namespace PromptCache.Gateway.ResponseBody;

/// <summary>Adds <c>cost_details</c> to the object that a text ends with; every other byte stays.</summary>
internal static class CostSplice
{
    /// <summary>Writes the text with the member in front of its last closing brace.</summary>
    /// <param name="text">A JSON object, or an event whose data is one. It is well-formed.</param>
    /// <param name="cost">What to add; null: nothing.</param>
    /// <param name="output">Where the text goes.</param>
    public static void Write(ReadOnlySpan<byte> text, CostDetails? cost, IBufferWriter<byte> output)
    {
        var end = text.LastIndexOf((byte)'}');
        if (cost is null || end < 0)
        {
            output.Write(text);
            return;
        }

        output.Write(text[..end]);
        output.Write(text[..end].TrimEnd(" \t\r\n"u8) is [.., (byte)'{'] ? "\"cost_details\":"u8 : ",\"cost_details\":"u8);
        CostDetailsWriter.Write(cost, output);
        output.Write(text[end..]);
    }
}
