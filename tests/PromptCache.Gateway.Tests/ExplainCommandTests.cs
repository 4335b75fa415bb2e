using System.Diagnostics;
using System.Text.Json;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Hosting;
using static PromptCache.Gateway.Tests.ExplicitBench;

namespace PromptCache.Gateway.Tests;

/// <summary>The command <c>explain</c>, as the user runs it.</summary>
public sealed class ExplainCommandTests
{
    [Fact]
    public async Task Explain_File_ShowsSegmentsAndPolicies()
    {
        var path = Path.GetTempFileName();
        await File.WriteAllTextAsync(path, Body("gpt-4o", Message("system", Text(Words(1200, "Long.")).Marked()), Message("user", Text("Hello."))).ToJsonString(), TestContext.Current.CancellationToken);
        try
        {
            var (code, output, error) = await RunAsync(input: null, "explain", path, "--policy", "openai", "--policy", "anthropic");

            code.ShouldBe(0, error);
            output.ShouldContain("messages[0].content[0]");
            output.ShouldContain("openai: miss. read 0, write 0");
            output.ShouldContain("anthropic: miss. read 0, write 1204");
            output.ShouldContain("First difference: messages[0].content[0]");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task Explain_StandardInput_AsJson()
    {
        var (code, output, error) = await RunAsync(Body("gpt-4o", Message("user", Text("Hello."))).ToJsonString(), "explain", "-", "--json");

        code.ShouldBe(0, error);
        var report = JsonSerializer.Deserialize<ExplainReport>(output, ExplainReport.Json).ShouldNotBeNull();
        (report.Provider, report.Tokenizer, report.Exact, report.TotalTokens).ShouldBe(("openai", "o200k_base", true, 4 + 2 + 3));
        report.Policies[0].Reason.ShouldBe("below_minimum");
    }

    [Fact]
    public async Task Explain_Gateway_KnowsWhatIsCached()
    {
        await using var bench = await ExplicitBench.StartAsync();
        var body = Body(Message("system", Text(Words(1200, "Long.")).Marked()), Message("user", Text("Hello.")));
        await bench.ChatAsync(body);

        var (code, output, error) = await RunAsync(body.ToJsonString(), "explain", "-", "--gateway", bench.Gateway.Address.AbsoluteUri);

        code.ShouldBe(0, error);
        output.ShouldContain("anthropic: hit. read 1204");
    }

    [Theory]
    [InlineData("{", "explain", "-")]
    [InlineData("""{"model":"gpt-4o","messages":[]}""", "explain", "-")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""", "explain", "-", "--policy", "nonesuch")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""", "explain", "-", "--gateway", "nowhere")]
    [InlineData("""{"model":"gpt-4o","messages":[{"role":"user","content":"x"}]}""", "explain", "-", "--gateway", "http://127.0.0.1:1")]
    [InlineData(null, "explain", "/nonexistent.json")]
    public async Task Explain_Wrong_SaysWhy(string? input, params string[] arguments)
    {
        var (code, output, error) = await RunAsync(input, arguments);

        code.ShouldBe(2);
        output.ShouldBeEmpty();
        error.Trim().ShouldNotBeEmpty();
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(string? input, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(GatewayHost).Assembly.Location, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(k => k.EndsWith("_API_KEY", StringComparison.Ordinal) || k.StartsWith("PromptCache__", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        using var process = Process.Start(start).ShouldNotBeNull();
        if (input is not null)
        {
            await process.StandardInput.WriteAsync(input);
        }

        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output, await error);
    }
}
