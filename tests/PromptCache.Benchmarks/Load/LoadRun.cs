using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using PromptCache.Gateway.Hosting;
using PromptCache.Simulator.Hosting;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Benchmarks.Load;

/// <summary>
/// The gateway against bare YARP in front of the same upstream, in one process and one run: <c>dotnet run -c Release --project tests/PromptCache.Benchmarks -- load</c>.
/// Latencies are to the last byte, of streams to the first. Rounds alternate between the two and neighbours are compared, so that what else the machine does hits both.
/// The gateway runs as in production: it logs a line per request, to a file that keeps nothing.
/// </summary>
internal static class LoadRun
{
    private const int Rounds = 11;

    /// <summary>Requests of each kind before anything is measured: the runtime compiles hot methods a second and a third time.</summary>
    private const int Warming = 6_000;

    /// <param name="sizes">Prompt sizes in kB; none: 4, 40 and 400.</param>
    public static async Task RunAsync(IReadOnlyList<string> sizes)
    {
        await using var report = Console.Out;
        await using var nothing = new StreamWriter(new FileStream("/dev/null", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0)) { AutoFlush = true };
        Console.SetOut(nothing);
        await using var upstream = await SimulatorHost.StartAsync(new SimulatorOptions { CountTokens = false, CompletionTokens = 50, TokensPerChunk = 5 });
        await using var yarp = await StartYarpAsync(upstream.BaseUrl);
        await using var gateway = GatewayHost.Build(new ServeSettings
        {
            Urls = "http://127.0.0.1:0",
            ConfigText = $$"""{ "PromptCache": { "Providers": { "sim": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}/v1", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } } } }""",
        });
        await gateway.StartAsync();

        foreach (var stream in (bool[])[false, true])
        {
            await DriveAsync(AddressOf(yarp), size: 4_000, warm: true, stream, connections: 4, Warming);
            await DriveAsync(AddressOf(gateway), size: 4_000, warm: true, stream, connections: 4, Warming);
        }

        await report.WriteLineAsync("size     prompt  stream  conc.    bare p50    gate p50   ratio    bare p99    gate p99   bare req/s  gate req/s  ratio    bare cpu   gate cpu    bare alloc  gate alloc");
        foreach (var size in sizes.Count == 0 ? [4_000, 40_000, 400_000] : sizes.Select(s => int.Parse(s, CultureInfo.InvariantCulture) * 1000).ToArray())
        {
            foreach (var warm in (bool[])[true, false])
            {
                foreach (var (stream, connections) in ((bool, int)[])[(false, 1), (true, 1), (false, 16)])
                {
                    await report.WriteLineAsync(await CompareAsync(AddressOf(yarp), AddressOf(gateway), size, warm, stream, connections));
                }
            }
        }

        await gateway.StopAsync();
    }

    private static async Task<string> CompareAsync(Uri bare, Uri gate, int size, bool warm, bool stream, int connections)
    {
        var count = (connections > 1 ? 2_000 : 600) / (size >= 400_000 ? 10 : size >= 40_000 ? 3 : 1);
        var (bareRounds, gateRounds) = (new List<LoadResult>(), new List<LoadResult>());
        await DriveAsync(bare, size, warm, stream, connections, count / 2);
        await DriveAsync(gate, size, warm, stream, connections, count / 2);
        for (var round = 0; round < Rounds; round++)
        {
            bareRounds.Add(await DriveAsync(bare, size, warm, stream, connections, count));
            gateRounds.Add(await DriveAsync(gate, size, warm, stream, connections, count));
        }

        var (b50, g50, r50) = Compare(r => r.P50);
        var (b99, g99, _) = Compare(r => r.P99);
        var (bareRate, gateRate, rate) = Compare(r => r.PerSecond);
        var (bareCpu, gateCpu, _) = Compare(r => r.Processor);
        var (bareBytes, gateBytes, _) = Compare(r => r.Allocated / 1000);
        return string.Create(CultureInfo.InvariantCulture,
            $"{size / 1000,3} kB   {(warm ? "warm" : "cold"),6}  {(stream ? "yes" : "no"),6}  {connections,5}  {b50,8:0.000} ms {g50,8:0.000} ms  {r50,5:0.00}  {b99,8:0.000} ms {g99,8:0.000} ms   {bareRate,10:0}  {gateRate,10:0}  {rate,5:0.00}  {bareCpu,7:0} us {gateCpu,7:0} us  {bareBytes,9:0.0} kB {gateBytes,8:0.0} kB");

        (double Bare, double Gateway, double Ratio) Compare(Func<LoadResult, double> figure)
            => (LoadResult.Median(bareRounds, figure), LoadResult.Median(gateRounds, figure), LoadResult.Ratio(bareRounds, gateRounds, figure));
    }

    private static async Task<LoadResult> DriveAsync(Uri address, int size, bool warm, bool stream, int connections, int count)
    {
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = address };
        var latencies = new double[count];
        var next = -1;
        var bodies = Enumerable.Range(0, count).Select(_ => LoadBodies.Make(size, warm, stream)).ToArray();
        var processor = Environment.CpuUsage.TotalTime;
        var allocated = GC.GetTotalAllocatedBytes();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Increment(ref next) is var i && i < count)
            {
                var begun = Stopwatch.GetTimestamp();
                using var content = new ByteArrayContent(bodies[i]);
                content.Headers.ContentType = new("application/json");
                using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = content };
                using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                response.EnsureSuccessStatusCode();
                await using var answer = await response.Content.ReadAsStreamAsync();
                if (stream)
                {
                    await answer.ReadExactlyAsync(new byte[1]);
                    latencies[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
                }

                await answer.CopyToAsync(Stream.Null);
                latencies[i] = stream ? latencies[i] : Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            }
        })));
        var elapsed = Stopwatch.GetElapsedTime(started);
        return LoadResult.Of(latencies, elapsed, Environment.CpuUsage.TotalTime - processor, GC.GetTotalAllocatedBytes() - allocated);
    }

    private static async Task<WebApplication> StartYarpAsync(string upstream)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        builder.Services.AddHttpForwarder();
        var app = builder.Build();
        var invoker = new HttpMessageInvoker(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        var forwarder = app.Services.GetRequiredService<IHttpForwarder>();
        app.Run(async context => await forwarder.SendAsync(context, upstream, invoker));
        await app.StartAsync();
        return app;
    }

    private static Uri AddressOf(WebApplication app)
        => new(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First());
}
