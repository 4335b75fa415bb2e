using System.Text;
using PromptCache.Gateway.Commands;
using PromptCache.Gateway.Tests.Support;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Tests;

/// <summary>The program's commands, run as an operator runs them.</summary>
public sealed class CommandTests
{
    private const string Text = "The quick brown fox - \u00fcber <|endoftext|> \ud83e\udd8a\n";

    [Theory]
    [InlineData("o200k_base")]
    [InlineData("cl100k_base")]
    public async Task Tokenize_File_PrintsTheCountAlone(string encoding)
    {
        using var folder = new ConfigFolder();
        await File.WriteAllTextAsync(folder.FileName, Text, TestContext.Current.CancellationToken);
        var (code, output, error) = await GatewayProcess.RunAsync(["tokenize", "--encoding", encoding, folder.FileName]);
        (code, output, error).ShouldBe((0, Ids(encoding).Count + Environment.NewLine, ""));
    }

    [Theory]
    [InlineData("gpt-4o", "o200k_base")]
    [InlineData("gpt-4", "cl100k_base")]
    public async Task Tokenize_StandardInputWithIds_PrintsThemOnOneLine(string model, string encoding)
    {
        var (code, output, error) = await GatewayProcess.RunAsync(["tokenize", "--model", model, "--ids", "-"], Text);
        (code, output, error).ShouldBe((0, string.Join(' ', Ids(encoding)) + Environment.NewLine, ""));
    }

    [Fact]
    public async Task Tokenize_UnknownEncodingOrNoFile_FailsWithoutAStackTrace()
    {
        foreach (var arguments in (string[][])[["tokenize", "--encoding", "p50k_base", "-"], ["tokenize", "--model", "gpt-40", "-"], ["tokenize", "--model", "", "-"], ["tokenize", "--model", "gpt-4o", "--encoding", "o200k_base", "-"], ["tokenize", "/there/is/no/such/file"], ["tokenize", "/tmp"], ["tokenize"], ["frobnicate"], ["serve", "--urls", "nonsense"], ["health", "nonsense"]])
        {
            var (code, output, error) = await GatewayProcess.RunAsync(arguments);
            code.ShouldNotBe(0, string.Join(' ', arguments));
            error.ShouldNotBeEmpty(string.Join(' ', arguments));
            (output + error).ShouldNotContain("   at ", customMessage: string.Join(' ', arguments));
        }
    }

    [Theory]
    [InlineData("tokenize -")]
    [InlineData("tokenize --ids -")]
    [InlineData("explain -")]
    [InlineData("prices list")]
    [InlineData("prices show gpt-4o")]
    [InlineData("demo")]
    [InlineData("--help")]
    public async Task AnyCommand_OutputThatIsFull_SaysSoInOneLine(string command)
    {
        var (code, _, error) = await GatewayProcess.RunOnFullDiskAsync(command.Split(' '), command.StartsWith("explain", StringComparison.Ordinal) ? Bodies.Chat(("user", "Hello.")) : Text);

        code.ShouldNotBe(0);
        error.Trim().Split('\n').ShouldHaveSingleItem().ShouldContain("No space left");
    }

    [Fact]
    public async Task Tokenize_ModelWithoutAPublishedVocabulary_SaysThatItEstimates()
    {
        var (code, output, error) = await GatewayProcess.RunAsync(["tokenize", "--model", "claude-sonnet-4-5", "-"], Text);
        (code, output).ShouldBe((0, Ids("o200k_base").Count + Environment.NewLine));
        error.ShouldContain("estimate");
    }

    [Theory]
    [InlineData("", "0", "")]
    [InlineData("\uFEFFhello", "2", "3305 15339")]        // a mark at the front is text, as it is to tiktoken
    [InlineData("a\0\0b\r\n", "5", "64 188 188 65 319")]
    public async Task Tokenize_OddText_CountsEveryByte(string text, string count, string ids)
    {
        using var folder = new ConfigFolder();
        await File.WriteAllBytesAsync(folder.FileName, Encoding.UTF8.GetBytes(text), TestContext.Current.CancellationToken);
        (await GatewayProcess.RunAsync(["tokenize", "--encoding", "cl100k_base", folder.FileName])).ShouldBe((0, count + Environment.NewLine, ""));
        (await GatewayProcess.RunAsync(["tokenize", "--encoding", "cl100k_base", "--ids", folder.FileName])).ShouldBe((0, ids + Environment.NewLine, ""));
    }

    [Fact]
    public async Task Help_Root_NamesEveryCommand()
    {
        var (code, output, _) = await GatewayProcess.RunAsync(["--help"]);
        code.ShouldBe(0);
        foreach (var name in (string[])["serve", "demo", "tokenize", "health", "--urls", "--config"])
        {
            output.ShouldContain(name);
        }
    }

    [Fact]
    public async Task Demo_Always_ShowsTheDocumentedFigures()
    {
        var (code, output, error) = await GatewayProcess.RunAsync(["demo"]);
        code.ShouldBe(0, error);
        output.ShouldContain("0.00094");
        output.ShouldContain("0.00049");
        output.ShouldContain("1,500");
    }

    // The demo's exit code is whether this finds anything.
    [Theory]
    [InlineData(0, 24, 1, 0.0003296)]       // a first call that was cached
    [InlineData(1, 24, 0, 0.0003296)]       // a second that was not
    [InlineData(2, 1551, 0, 0.00094)]
    [InlineData(2, 1550, 0, 0.00095)]
    [InlineData(3, 1550, 1499, 0.00049)]
    [InlineData(4, 1550, 1500, 0.00048)]
    public void Demo_OneFigureThatIsWrong_IsFound(int call, long prompt, long cached, decimal cost)
    {
        DemoCall[] calls =
        [
            new("1", 24, 0, 0.0003296m, 0), new("2", 24, 21, 0.0003233m, 0.0000063m),
            new("3", 1550, 0, 0.00094m, 0), new("4", 1550, 1500, 0.00049m, 0.00045m), new("5", 1550, 1500, 0.00049m, 0.00045m),
        ];
        DemoCommand.Check(calls).ShouldBeEmpty();

        calls[call] = calls[call] with { Prompt = prompt, Cached = cached, Cost = cost };
        DemoCommand.Check(calls).ShouldHaveSingleItem().ShouldContain($"'{call + 1}'");
        DemoCommand.Check(calls[..call]).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Health_OfARunningGateway_Is0_AndOfNone_Is1()
    {
        await using var gateway = await TestGateway.InFrontOfAsync("http://127.0.0.1:9/v1");
        (await GatewayProcess.RunAsync(["health", gateway.Address.AbsoluteUri])).Code.ShouldBe(0);
        (await GatewayProcess.RunAsync(["health"], environment: ("ASPNETCORE_URLS", $"http://0.0.0.0:{gateway.Address.Port}"))).Code.ShouldBe(0);
        (await GatewayProcess.RunAsync(["health", "http://127.0.0.1:9"])).Code.ShouldBe(1);
    }

    private static List<int> Ids(string encoding)
    {
        new TokenizerCatalog().TryGetEncoding(encoding, out var tokenizer).ShouldBeTrue();
        var ids = new List<int>();
        tokenizer!.Encode(Encoding.UTF8.GetBytes(Text), ids);
        return ids;
    }
}
