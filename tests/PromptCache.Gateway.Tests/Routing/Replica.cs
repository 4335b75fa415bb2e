using Microsoft.AspNetCore.Http;
using PromptCache.Gateway.Tests.Support;

namespace PromptCache.Gateway.Tests.Routing;

/// <summary>A replica that answers probes and chats with the status that the test says.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private ScriptedUpstream? _upstream;
    private int _chats;

    public int Chat { get; set; } = 200;

    public int Probe { get; set; } = 200;

    /// <summary>Chats that reached it.</summary>
    public int Chats => Volatile.Read(ref _chats);

    public string BaseUrl => _upstream!.BaseUrl;

    public async Task StartAsync()
        => _upstream ??= await ScriptedUpstream.StartAsync((context, _) =>
        {
            var isChat = context.Request.Method == "POST";
            if (isChat)
            {
                Interlocked.Increment(ref _chats);
            }

            context.Response.StatusCode = isChat ? Chat : Probe;
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(isChat && Chat == 200 ? Replies.Json : "{}", context.RequestAborted);
        });

    public ValueTask DisposeAsync() => _upstream?.DisposeAsync() ?? ValueTask.CompletedTask;
}
