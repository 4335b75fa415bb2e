using System.Diagnostics;
using System.Net;
using System.Text;
using PromptCache.Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Forwarding;

/// <summary>The connections to upstreams: one pool for all, because a handler pools by host.</summary>
internal sealed class UpstreamClients : IDisposable
{
    /// <summary>Connecting has its own limit: a host that does not answer is known to be gone long before a model has thought.</summary>
    public static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    public HttpMessageInvoker Invoker { get; } = new(new SocketsHttpHandler
    {
        UseProxy = true,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
        EnableMultipleHttp2Connections = true,
        // Who exports no spans adds none to a trace: the client's own headers pass as they came.
        ActivityHeadersPropagator = OtlpVariables.AreTracesOn ? new ReverseProxyPropagator(DistributedContextPropagator.Current) : null,
        ConnectTimeout = ConnectTimeout,
        // As the server reads them: what is beyond ASCII passes byte by byte.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        PooledConnectionLifetime = TimeSpan.FromMinutes(10),
    });

    public void Dispose() => Invoker.Dispose();
}
