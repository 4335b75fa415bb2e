using System.Net.Sockets;
using Microsoft.AspNetCore.Connections.Features;
using PromptCache.Simulator.Hosting;

namespace PromptCache.Simulator.Faults;

/// <summary>What can happen in place of a reply.</summary>
internal static class ReplacedReply
{
    /// <summary>Nothing, until the client leaves.</summary>
    public static Task HangAsync(Exchange exchange) => Task.Delay(Timeout.InfiniteTimeSpan, exchange.Engine.Time, exchange.Aborted);

    /// <summary>The connection is reset: RST, not FIN.</summary>
    public static Task ResetAsync(Exchange exchange)
    {
        if (exchange.Http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }

        exchange.WasCut = true;
        exchange.Http.Abort();
        return Task.CompletedTask;
    }

    /// <summary>A proxy's error page.</summary>
    public static Task HtmlAsync(Exchange exchange)
    {
        exchange.Response.StatusCode = 502;
        exchange.Response.ContentType = "text/html";
        return exchange.Response.WriteAsync("<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>", exchange.Aborted);
    }

    /// <summary>A 200 without a body.</summary>
    public static Task EmptyAsync(Exchange exchange)
    {
        exchange.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
