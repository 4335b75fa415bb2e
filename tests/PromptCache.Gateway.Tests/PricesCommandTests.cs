using System.Globalization;
using System.Text;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary><c>prices refresh</c> against sources that are not what they should be: one line, an exit code, and the old file as it was.</summary>
public sealed class PricesCommandTests
{
    private const string Old = "what was there";

    [Theory]
    [InlineData("HTTP/1.1 302 Found\r\nLocation: file:///etc/passwd\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 301 Moved\r\nLocation: /again\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 500 Oh\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n{\"gpt-4o\":")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\nConnection: close\r\n\r\n{")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\n<html></html")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")]
    public async Task Refresh_HostileServer_WritesNothingAndSaysWhy(string answer)
    {
        await using var server = RawUpstream.Answering(answer);
        await RefuseAsync(server.BaseUrl);
    }

    [Fact]
    public async Task Refresh_MoreThanIsRead_WritesNothing()
    {
        const int Pieces = 40;
        var piece = new byte[1 << 20];
        piece.AsSpan().Fill((byte)' ');
        await using var server = new RawUpstream(async (_, connection, stop) =>
        {
            try
            {
                await connection.WriteAsync(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n"), stop);
                for (var i = 0; i < Pieces; i++)
                {
                    await connection.WriteAsync(piece, stop);
                }
            }
            catch (IOException)
            {
                // It has read enough.
                return;
            }
        });
        await RefuseAsync(server.BaseUrl);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("ftp://example.com/prices.json")]
    [InlineData("http://")]
    [InlineData("no-such-file.json")]
    [InlineData("/tmp")]
    [InlineData("/dev/null")]
    public Task Refresh_SourceThatIsNone_WritesNothingAndSaysWhy(string source) => RefuseAsync(source);

    [Theory]
    [InlineData("")]
    [InlineData("/proc/there/is/no/such/folder.jsonl")]
    [InlineData("/tmp")]
    public async Task Refresh_OutputThatCannotBeWritten_SaysSo(string output)
    {
        Check(await GatewayProcess.RunAsync(["prices", "refresh", Shipped, "--output", output]), output);
    }

    [Fact]
    public async Task Refresh_ShippedFile_ReplacesTheOldOneAndKeepsIt()
    {
        using var folder = new ConfigFolder(Old);

        var (code, output, error) = await GatewayProcess.RunAsync(["prices", "refresh", Shipped, "--output", folder.FileName]);

        (code, error).ShouldBe((0, ""));
        output.ShouldContain("0 added, 0 changed, 0 gone");
        (await GatewayProcess.RunAsync(["prices", "validate", folder.FileName])).Code.ShouldBe(0);
        (await File.ReadAllTextAsync(folder.FileName + ".previous", TestContext.Current.CancellationToken)).ShouldBe(Old);
        (await GatewayProcess.RunAsync(["prices", "show", "gpt-4o"])).Output.ShouldContain("input 2.5");
    }

    private static string Shipped => Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "src", "PromptCache.Core", "Pricing", "prices.jsonl");

    private static async Task RefuseAsync(string source)
    {
        using var folder = new ConfigFolder(Old);
        Check(await GatewayProcess.RunAsync(["prices", "refresh", source, "--output", folder.FileName]), source);
        Directory.GetFiles(folder.Path).ShouldHaveSingleItem(source);
        (await File.ReadAllTextAsync(folder.FileName, TestContext.Current.CancellationToken)).ShouldBe(Old, source);
    }

    private static void Check((int Code, string Output, string Error) ran, string what)
    {
        ran.Code.ShouldBeInRange(1, 2, string.Create(CultureInfo.InvariantCulture, $"{what}: {ran}"));
        ran.Error.ShouldNotBeEmpty(what);
        (ran.Output + ran.Error).ShouldNotContain("   at ", customMessage: what);
        (ran.Output + ran.Error).ShouldNotContain("Unhandled", customMessage: what);
    }
}
