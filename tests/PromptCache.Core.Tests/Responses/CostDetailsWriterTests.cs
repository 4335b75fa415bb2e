using System.Buffers;
using System.Globalization;
using System.Text;
using PromptCache.Core.Pricing;
using PromptCache.Core.Responses;
using PromptCache.Core.Usage;

namespace PromptCache.Core.Tests.Responses;

public sealed class CostDetailsWriterTests
{
    [Fact]
    public void Write_Exact_FieldsInOrder()
        => Write(TestSettler.Cost(CountSource.Store)).ShouldBe(
            """{"status":"exact","currency":"USD","source":"store","prompt_cost":0.00017,"prompt_cache_read_cost":0.00015,"prompt_cache_write_cost":0,"prompt_cache_write_5_min":0,"prompt_cache_write_1_h":0,"completion_cost":0.00032,"total_cost":0.00049,"cache_savings":0.00045}""");

    [Fact]
    public void Write_Unpriced_AmountsAreNull()
        => Write(new CostDetails { Status = CostStatus.Unpriced, Source = CountSource.Provider }).ShouldBe(
            """{"status":"unpriced","currency":"USD","source":"provider","prompt_cost":null,"prompt_cache_read_cost":null,"prompt_cache_write_cost":null,"prompt_cache_write_5_min":null,"prompt_cache_write_1_h":null,"completion_cost":null,"total_cost":null,"cache_savings":null}""");

    [Theory]
    [InlineData(CostStatus.Inconsistent, CountSource.Estimated, "\"status\":\"inconsistent\"", "\"source\":\"estimated\"")]
    [InlineData(CostStatus.Exact, CountSource.Unknown, "\"status\":\"exact\"", "\"source\":\"unknown\"")]
    public void Write_StatusAndSource_Named(CostStatus status, CountSource source, string statusJson, string sourceJson)
    {
        var json = Write(new CostDetails { Status = status, Source = source });
        json.ShouldContain(statusJson);
        json.ShouldContain(sourceJson);
    }

    [Theory]
    [InlineData("0", "0")]
    [InlineData("-0.00", "0")]
    [InlineData("0.000100", "0.0001")]
    [InlineData("0.00000001", "0.00000001")]
    [InlineData("0.0000000000000000000000000001", "0.0000000000000000000000000001")]
    [InlineData("-0.00004", "-0.00004")]
    [InlineData("1234567.10", "1234567.1")]
    [InlineData("79228162514264337593543950335", "79228162514264337593543950335")]
    [InlineData("-7.9228162514264337593543950335", "-7.9228162514264337593543950335")]
    public void WriteAmount_AnyDecimal_PlainNumber(string amount, string expected)
    {
        var output = new ArrayBufferWriter<byte>();
        CostDetailsWriter.WriteAmount(decimal.Parse(amount, CultureInfo.InvariantCulture), output);
        Encoding.UTF8.GetString(output.WrittenSpan).ShouldBe(expected);
    }

    private static string Write(CostDetails cost)
    {
        var output = new ArrayBufferWriter<byte>();
        CostDetailsWriter.Write(cost, output);
        return Encoding.UTF8.GetString(output.WrittenSpan);
    }
}
