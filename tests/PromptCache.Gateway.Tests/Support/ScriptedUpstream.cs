using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>An upstream that records raw bytes and answers with what the test says, when the test says.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private ScriptedUpstream(WebApplication app) => _app = app;

    public string BaseUrl => _app.Urls.First() + "/v1";

    /// <summary>What arrived, in order.</summary>
    public List<(string Method, string Path, IHeaderDictionary Headers, byte[] Body)> Requests { get; } = [];

    /// <summary>Answers every request with <paramref name="answer"/>.</summary>
    public static async Task<ScriptedUpstream> StartAsync(Func<HttpContext, byte[], Task> answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0").ConfigureKestrel(k => k.Limits.MaxRequestBodySize = null);
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        var upstream = new ScriptedUpstream(app);
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            lock (upstream.Requests)
            {
                upstream.Requests.Add((context.Request.Method, context.Request.Path, new HeaderDictionary(context.Request.Headers.ToDictionary(h => h.Key, h => h.Value, StringComparer.OrdinalIgnoreCase)), body.ToArray()));
            }

            await answer(context, body.ToArray());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    /// <summary>Answers with a JSON body.</summary>
    public static Task<ScriptedUpstream> WithJsonAsync(string json, int status = 200)
        => StartAsync(async (context, _) =>
        {
            context.Response.StatusCode = status;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync(json, context.RequestAborted);
        });

    /// <summary>Answers with an event stream whose pieces come when the test writes them into the channel.</summary>
    public static Task<ScriptedUpstream> WithStreamAsync(ChannelReader<string> pieces)
        => StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.Body.FlushAsync(context.RequestAborted);
            await foreach (var piece in pieces.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(piece, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });

    /// <summary>Answers with an event stream in pieces of so many bytes; with <paramref name="broken"/> it breaks the connection off when that is done.</summary>
    public static Task<ScriptedUpstream> WithEventsAsync(string text, int size = 4096, Task? broken = null)
        => StartAsync(async (context, _) =>
        {
            context.Response.ContentType = "text/event-stream; charset=utf-8";
            foreach (var chunk in Encoding.UTF8.GetBytes(text).Chunk(size))
            {
                await context.Response.Body.WriteAsync(chunk, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }

            if (broken is not null)
            {
                await broken.WaitAsync(context.RequestAborted);
                context.Abort();
            }
        });

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
