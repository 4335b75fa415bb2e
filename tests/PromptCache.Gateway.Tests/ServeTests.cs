using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests;

/// <summary>Where <c>serve</c> listens, and what it says when it cannot.</summary>
public sealed class ServeTests
{
    private const string Configuration = """{ "PromptCache": { "Providers": { "up": { "Protocol": "openai", "BaseUrl": "http://127.0.0.1:9/v1", "ApiKey": "none" } } } }""";

    [Theory]
    [InlineData("http://192.0.2.1:8080")]
    [InlineData("https://127.0.0.1:0")]
    [InlineData("http://unix:/no/such/folder/gateway.sock")]
    [InlineData("http://127.0.0.1:0/base")]
    [InlineData("http://127.0.0.1:99999")]
    [InlineData("ftp://127.0.0.1:21")]
    [InlineData("")]
    public async Task Serve_CannotListen_SaysWhyWithoutAStackTraceAndExitsWith1(string urls)
    {
        using var folder = new ConfigFolder(Configuration);

        // Without a home there is no developer's certificate either.
        var (code, output, error) = await GatewayProcess.RunAsync(["serve", "--urls", urls, "--config", folder.FileName], environment: [("HOME", folder.Path), ("DOTNET_CLI_HOME", folder.Path)]);

        code.ShouldBe(1);
        error.ShouldNotBeEmpty();
        error.ShouldContain(urls);
        (output + error).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Serve_PortInUse_SaysSoAndExitsWith1()
    {
        using var folder = new ConfigFolder(Configuration);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();

        var (code, output, error) = await GatewayProcess.RunAsync(["serve", "--urls", $"http://{listener.LocalEndpoint}", "--config", folder.FileName]);

        code.ShouldBe(1);
        error.ShouldContain("address already in use");
        (output + error).ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Serve_BaseUrlWithCredentials_IsRefusedAndNotQuoted()
    {
        using var folder = new ConfigFolder("""{ "PromptCache": { "Providers": { "up": { "Protocol": "openai", "BaseUrl": "https://me:sk-secret@up/v1" } } } }""");

        var (code, output, error) = await GatewayProcess.RunAsync(["serve", "--config", folder.FileName]);

        code.ShouldBe(1);
        error.ShouldContain("Providers:up:BaseUrl");
        (output + error).ShouldNotContain("sk-secret");
    }

    [Fact]
    public async Task Serve_UnixSocketThatAKilledGatewayLeft_IsTakenOver()
    {
        using var folder = new ConfigFolder(Configuration);
        var path = Path.Combine(folder.Path, "gateway.sock");
        await using (await GatewayProcess.ServeOnAsync($"http://127.0.0.1:0;http://unix:{path}", folder.FileName))
        {
            // It is killed at the end of this block, and cleans nothing up.
            await Eventually.Is(() => File.Exists(path), "it listens");
        }

        File.Exists(path).ShouldBeTrue();
        await using var gateway = await GatewayProcess.ServeOnAsync($"http://127.0.0.1:0;http://unix:{path}", folder.FileName);
        using var client = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        (await client.GetStringAsync("http://gateway/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok\n");

        // One that is answered is not taken away.
        var (code, _, error) = await GatewayProcess.RunAsync(["serve", "--urls", $"http://unix:{path}", "--config", folder.FileName]);
        (code, error.Contains("in use", StringComparison.Ordinal)).ShouldBe((1, true), error);
        (await client.GetStringAsync("http://gateway/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok\n");
    }

    [Fact]
    public async Task Serve_CertificateInTheEnvironment_ServesHttps()
    {
        using var folder = new ConfigFolder(Configuration);
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        var (certificateFile, keyFile) = (Path.Combine(folder.Path, "tls.crt"), Path.Combine(folder.Path, "tls.key"));
        await File.WriteAllTextAsync(certificateFile, certificate.ExportCertificatePem(), TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);

        await using var gateway = await GatewayProcess.ServeOnAsync("http://127.0.0.1:0;https://127.0.0.1:0", folder.FileName, ("Kestrel__Certificates__Default__Path", certificateFile), ("Kestrel__Certificates__Default__KeyPath", keyFile));

        var address = "";
        await Eventually.Is(() => (address = Regex.Match(gateway.Output, "https://127\\.0\\.0\\.1:[1-9][0-9]*", RegexOptions.None, TimeSpan.FromSeconds(1)).Value).Length > 0, "it listens");
        var thumbprint = certificate.Thumbprint;
        using var handler = new SocketsHttpHandler { SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 { Thumbprint: var print } && print == thumbprint } };
        using var client = new HttpClient(handler);
        (await client.GetStringAsync(address + "/healthz", TestContext.Current.CancellationToken)).ShouldBe("ok\n");
    }
}
