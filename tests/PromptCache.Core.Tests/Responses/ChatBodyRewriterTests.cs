using System.Buffers;
using System.Text;
using PromptCache.Core.Responses;

namespace PromptCache.Core.Tests.Responses;

public sealed class ChatBodyRewriterTests
{
    private const string Choices = "\"choices\" : [ {\"message\": {\"role\":\"assistant\",\"content\":\"Hé\\n\"} , \"finish_reason\":\"stop\"} ]";

    private static readonly string Provider = ",\"cost_details\":" + TestSettler.CostOf("provider");
    private static readonly string Store = ",\"cost_details\":" + TestSettler.CostOf("store");

    // U: the usage object before and after, provider mode, store knows 500.
    [Theory]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":0}}""", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":0}}""", true)]
    [InlineData("""{ "prompt_tokens" : 1550.0 , "completion_tokens":2e2,"total_tokens":1750, "x":[1, 2] , "prompt_tokens_details" : { "audio_tokens":0 , "cached_tokens" : 64 } }""", """{ "prompt_tokens" : 1550.0 , "completion_tokens":2e2,"total_tokens":1750, "x":[1, 2] , "prompt_tokens_details" : { "audio_tokens":0 , "cached_tokens" : 64 } }""", true)]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750}""", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":500}}""", false)]
    [InlineData("""{"prompt_tokens":1550,"prompt_tokens_details":null,"completion_tokens":200,"total_tokens":1750}""", """{"prompt_tokens":1550,"prompt_tokens_details":{"cached_tokens":500},"completion_tokens":200,"total_tokens":1750}""", false)]
    [InlineData("""{"prompt_tokens":1550,"prompt_tokens_details":{},"completion_tokens":200,"total_tokens":1750}""", """{"prompt_tokens":1550,"prompt_tokens_details":{"cached_tokens":500},"completion_tokens":200,"total_tokens":1750}""", false)]
    [InlineData("""{"prompt_tokens":1550,"prompt_tokens_details":{"cached_tokens":null},"completion_tokens":200,"total_tokens":1750}""", """{"prompt_tokens":1550,"prompt_tokens_details":{"cached_tokens":500},"completion_tokens":200,"total_tokens":1750}""", false)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36}""", """{"prompt_tokens":100,"completion_tokens":7,"total_tokens":107,"prompt_cache_hit_tokens":64,"prompt_cache_miss_tokens":36,"prompt_tokens_details":{"cached_tokens":64}}""", true)]
    [InlineData("""{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"cached_tokens":256}""", """{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"cached_tokens":256,"prompt_tokens_details":{"cached_tokens":256}}""", true)]
    [InlineData("""{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"prompt_tokens_details":{"cached_tokens":0,"cache_creation_input_tokens":256}}""", """{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"prompt_tokens_details":{"cached_tokens":0,"cache_creation_input_tokens":256,"cache_write_tokens":256}}""", true)]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":20,"total_tokens":100,"prompt_tokens_details":{"cached_tokens":1}}""", """{"prompt_tokens":10,"completion_tokens":20,"total_tokens":100,"prompt_tokens_details":{"cached_tokens":1}}""", true)]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"cache_read_input_tokens":150,"prompt_tokens_details":{"cached_tokens":150}}""", """{"prompt_tokens":100,"completion_tokens":5,"total_tokens":105,"cache_read_input_tokens":100,"prompt_tokens_details":{"cached_tokens":100}}""", true)]
    [InlineData("""{"prompt_tokens":-4,"completion_tokens":"9","total_tokens":null,"prompt_tokens_details":[]}""", """{"prompt_tokens":0,"completion_tokens":4,"total_tokens":4,"prompt_tokens_details":{"cached_tokens":0}}""", false)]
    public async Task Rewrite_ProviderMode_OnlyWhatIsMissingOrWrong(string before, string after, bool isProviders)
    {
        var (text, settlement) = await RunAsync($"{{\"id\":1,{Choices},\"usage\":{before}, \"z\":1.0}}\n", new TestSettler());
        text.ShouldBe($"{{\"id\":1,{Choices},\"usage\":{after}{(isProviders ? Provider : Store)}, \"z\":1.0}}\n");
        settlement.ShouldNotBeNull();
    }

    // Store mode: 500 read, 100 written.
    [Theory]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750}""", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":500,"cache_write_tokens":100}}""")]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":9,"audio_tokens":0}}""", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":500,"audio_tokens":0,"cache_write_tokens":100}}""")]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"cached_tokens":1,"prompt_cache_hit_tokens":1,"prompt_cache_miss_tokens":1549,"cache_read_input_tokens":1,"cache_creation_input_tokens":1,"cache_creation":{"ephemeral_5m_input_tokens":1}}""", """{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"cached_tokens":500,"prompt_cache_hit_tokens":500,"prompt_cache_miss_tokens":1050,"cache_read_input_tokens":500,"cache_creation_input_tokens":100,"cache_creation":{"ephemeral_5m_input_tokens":100,"ephemeral_1h_input_tokens":0},"prompt_tokens_details":{"cached_tokens":500,"cache_write_tokens":100}}""")]
    public async Task Rewrite_StoreMode_EveryCacheFieldIsTheStores(string before, string after)
    {
        var (text, _) = await RunAsync($"{{{Choices},\"usage\":{before}}}", new TestSettler { StoreMode = true });
        text.ShouldBe($"{{{Choices},\"usage\":{after}{Store}}}");
    }

    [Theory]
    [InlineData("""{"cached_tokens":1,"prompt_cache_hit_tokens":1,"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}""", """{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12}""")]
    [InlineData("""{"prompt_tokens":10, "cached_tokens":1 ,"completion_tokens":2,"total_tokens":12 , "cache_creation":{"ephemeral_5m_input_tokens":1} }""", """{"prompt_tokens":10 ,"completion_tokens":2,"total_tokens":12 }""")]
    [InlineData("""{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"prompt_tokens_details":{"cached_tokens":1,"cache_write_tokens":3}}""", """{"prompt_tokens":10,"completion_tokens":2,"total_tokens":12,"prompt_tokens_details":{}}""")]
    public async Task Rewrite_StoreModeStoreSilent_UpstreamsCacheFieldsAreTakenOut(string before, string after)
    {
        var (text, _) = await RunAsync($"{{{Choices},\"usage\":{before}}}", new TestSettler { StoreMode = true, StoreRead = null, StoreWrite = null });
        text.ShouldBe($"{{{Choices},\"usage\":{after}{Store}}}");
    }

    [Theory]
    [InlineData(false, "")]
    [InlineData(true, "\"cost\":0.00049,")]
    public async Task Rewrite_StoreModeUpstreamsPrices_OursOrNone(bool cost, string ours)
    {
        const string Rest = "\"prompt_tokens\":1550,\"completion_tokens\":200,\"total_tokens\":1750,\"prompt_tokens_details\":{\"cached_tokens\":500,\"cache_write_tokens\":100}";
        var body = $"{{{Choices},\"usage\":{{\"cost\":9.9,\"cost_in_usd_ticks\":99,\"cost_details\":{{\"a\":9.9}},\"is_byok\":true,\"estimated_cost\":9.9,{Rest}}}}}";
        var (text, _) = await RunAsync(body, new TestSettler { StoreMode = true }, StreamReplay.Options(cost: cost));
        text.ShouldBe($"{{{Choices},\"usage\":{{{ours}{Rest}}}{Store}}}");
        (await RunAsync(body, new TestSettler { StoreMode = true, HasCost = false }, StreamReplay.Options(cost: cost))).Text.ShouldBe($"{{{Choices},\"usage\":{{{Rest}}}}}");
    }

    [Fact]
    public async Task Rewrite_ExplicitFields_UnderAnthropicsNames()
    {
        var (text, _) = await RunAsync(
            $"{{{Choices},\"usage\":{{\"prompt_tokens\":1550,\"completion_tokens\":200,\"total_tokens\":1750,\"cache_read_input_tokens\":3}}}}",
            new TestSettler { StoreMode = true, ExplicitFields = true });
        text.ShouldBe($"{{{Choices},\"usage\":{{\"prompt_tokens\":1550,\"completion_tokens\":200,\"total_tokens\":1750,\"cache_read_input_tokens\":500,"
            + "\"prompt_tokens_details\":{\"cached_tokens\":500,\"cache_write_tokens\":100},\"cache_creation_input_tokens\":100,"
            + $"\"cache_creation\":{{\"ephemeral_5m_input_tokens\":100,\"ephemeral_1h_input_tokens\":0}}}}{Store}}}");
    }

    [Theory]
    [InlineData(",\"usage\":null,\"z\":1}", ",\"usage\":U,\"z\":1}")]
    [InlineData(",\"usage\":\"x\" }", ",\"usage\":U }")]
    [InlineData(" }", ",\"usage\":U }")]
    public async Task Rewrite_NoUsage_CountedAndPutIn(string before, string after)
    {
        var settler = new TestSettler();
        var (text, _) = await RunAsync("{" + Choices + before, settler);
        text.ShouldBe("{" + Choices + after.Replace("U", "{\"prompt_tokens\":1000,\"completion_tokens\":4,\"total_tokens\":1004,\"prompt_tokens_details\":{\"cached_tokens\":500}}" + Store, StringComparison.Ordinal));
        settler.Completion.ShouldBe("Hé\n");
        settler.Reported.ShouldBeNull();
    }

    [Theory]
    [InlineData("\"choices\":[{\"message\":{},\"usage\":U}]")]
    [InlineData("\"choices\":[{\"message\":{}}],\"x_groq\":{\"usage\":U}")]
    public async Task Rewrite_UsageElsewhere_AgreesAndStandsAtTheTopToo(string members)
    {
        const string Usage = """{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"cached_tokens":256}""";
        const string Final = """{"prompt_tokens":300,"completion_tokens":5,"total_tokens":305,"cached_tokens":256,"prompt_tokens_details":{"cached_tokens":256}}""";
        var (text, _) = await RunAsync("{" + members.Replace("U", Usage, StringComparison.Ordinal) + "}", new TestSettler());
        text.ShouldBe("{" + members.Replace("U", Final, StringComparison.Ordinal) + ",\"usage\":" + Final + Provider + "}");
    }

    [Fact]
    public async Task Rewrite_UpstreamCostDetailsWithoutUsage_OneOfEach()
    {
        var (text, _) = await RunAsync("{\"cost_details\":{\"a\":1}," + Choices + "}", new TestSettler());
        text.ShouldBe("{\"cost_details\":" + TestSettler.CostOf("store") + "," + Choices + ",\"usage\":{\"prompt_tokens\":1000,\"completion_tokens\":4,\"total_tokens\":1004,\"prompt_tokens_details\":{\"cached_tokens\":500}}}");
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("{\"error\":{\"message\":\"no\"}}")]
    [InlineData("{\"choices\":{}}")]
    [InlineData("{\"object\":\"list\",\"data\":[]}")]
    public async Task Rewrite_NotAChatCompletion_PassesAsItIs(string body)
    {
        var settler = new TestSettler();
        var (text, settlement) = await RunAsync(body, settler);
        text.ShouldBe(body);
        settlement.ShouldBeNull();
        settler.Calls.ShouldBe(0);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("hello", "")]
    [InlineData("[]", "")]
    [InlineData("{\"choices\":[]", "")]
    [InlineData("{\"choices\":[]}x", "")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hello th", "Hello th")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hello there, you\\u00e", "Hello there, you")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hello there, you\\\\\\", "Hello there, you")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hello\"}}", "Hello")]
    [InlineData("{\"choices\":[{\"message\":{\"content\":\"Hello\"}}],\"usage\":{\"prompt_tokens\":7,", "Hello")]
    public async Task Rewrite_Unreadable_PassesAsItIsAndWhatWasGeneratedIsSettled(string body, string generated)
    {
        var settler = new TestSettler();
        (await RunAsync(body, settler)).Text.ShouldBe(body);
        settler.Calls.ShouldBe(1);
        settler.Reported.ShouldBeNull();
        settler.Completion.ShouldBe(generated);
    }

    [Theory]
    [InlineData("}")]
    [InlineData("}}")]
    [InlineData("} {}")]
    [InlineData(",\"x\":")]
    [InlineData("")]
    public async Task Rewrite_UsageBeforeTheFault_IsSettled(string end)
    {
        var settler = new TestSettler();
        var body = "{" + Choices + ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3}" + end;
        await RunAsync(body, settler);
        settler.Reported.ShouldNotBeNull().CompletionTokens.ShouldBe(3);
        settler.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task Rewrite_ByteOrderMark_StaysAndHidesNothing()
    {
        const string Usage = ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3,\"total_tokens\":10}}";
        var (plain, _) = await RunAsync("{" + Choices + Usage, new TestSettler());
        (await RunAsync("\uFEFF{" + Choices + Usage, new TestSettler())).Text.ShouldBe("\uFEFF" + plain);
        plain.ShouldContain("cost_details");
    }

    [Theory]
    [InlineData("\"service_tier\":\"flex\",", "", "flex")]
    [InlineData("", ",\"service_tier\":\"batch\"", "batch")]
    [InlineData("\"service_tier\":\"flex\",", ",\"service_tier\":\"standard\"", "flex")]
    [InlineData("\"service_tier\":null,\"metadata\":{\"service_tier\":\"flex\"},", "", null)]
    [InlineData("\"service_tier\":7,", "", null)]
    public async Task Rewrite_ServiceTier_IsReadWhereItBelongs(string beside, string inside, string? tier)
    {
        var settler = new TestSettler();
        await RunAsync("{" + beside + Choices + ",\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":3" + inside + "}}", settler);
        settler.Reported.ShouldNotBeNull().ServiceTier.ShouldBe(tier);
    }

    [Fact]
    public async Task Rewrite_TooLongOrTooDeep_PassesAsItIs()
    {
        var body = "{" + Choices + "}";
        (await RunAsync(body, new TestSettler(), StreamReplay.Options(max: 20))).Text.ShouldBe(body);
        var deep = "{" + Choices + ",\"x\":" + new string('[', 5000) + new string(']', 5000) + "}";
        (await RunAsync(deep, new TestSettler())).Text.ShouldBe(deep);
    }

    [Fact]
    public async Task Rewrite_NoCostWanted_NoCostDetails()
    {
        const string Body = """{"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2,"prompt_tokens_details":{"cached_tokens":0}},"cost_details":7}""";
        (await RunAsync(Body, new TestSettler { HasCost = false })).Text.ShouldBe(Body);
    }

    [Fact]
    public void Describe_Body_ModelAndReason()
    {
        ChatBodyRewriter.Describe("""{"model":"m\u002d1","choices":[{"finish_reason":"length"}]}"""u8).ShouldBe(("m-1", "length"));
        ChatBodyRewriter.Describe("{"u8).ShouldBe((null, null));
    }

    [Theory]
    [InlineData("""{"prompt_tokens":1550,"completion_tokens":200,"total_tokens":1750,"prompt_tokens_details":{"cached_tokens":1024}}""")]
    [InlineData("""{"prompt_tokens":32,"completion_tokens":9,"total_tokens":135,"completion_tokens_details":{"reasoning_tokens":94}}""")]
    [InlineData("""{"prompt_tokens":100,"completion_tokens":7,"prompt_cache_hit_tokens":164,"prompt_cache_miss_tokens":36}""")]
    [InlineData("""{"prompt_tokens":100}""")]
    public async Task Rewrite_SameReportStreamed_SameFigures(string usage)
    {
        foreach (var storeMode in (bool[])[false, true])
        {
            var (_, body) = await RunAsync($"{{{Choices},\"usage\":{usage}}}", new TestSettler { StoreMode = storeMode });
            var wire = $"data: {{{Choices.Replace("message", "delta", StringComparison.Ordinal)}}}\n\ndata: {{\"choices\":[],\"usage\":{usage}}}\n\ndata: [DONE]\n\n";
            var stream = await StreamReplay.RunAsync(wire, StreamReplay.Options(store: storeMode), () => new TestSettler { StoreMode = storeMode });
            stream.Settled!.Usage.ShouldBe(body!.Usage);
        }
    }

    private static async Task<(string Text, Settlement? Settlement)> RunAsync(string body, TestSettler settler, RewriteOptions? options = null)
    {
        var output = new ArrayBufferWriter<byte>();
        await ChatBodyRewriter.RewriteAsync(Encoding.UTF8.GetBytes(body), options ?? StreamReplay.Options(), settler, output, CancellationToken.None);
        return (Encoding.UTF8.GetString(output.WrittenSpan), settler.Settled);
    }
}
