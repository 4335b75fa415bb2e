using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Routing;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>What a client sent in another protocol than chat completions. Owns the bytes.</summary>
/// <param name="protocol">The client's protocol.</param>
/// <param name="raw">What it sent.</param>
/// <param name="shell">The same as far as routing understands it.</param>
internal sealed class InboundRequest(IInboundProtocol protocol, PooledBytes raw, PromptRequest shell) : IDisposable
{
    /// <summary>The client's protocol.</summary>
    public IInboundProtocol Protocol => protocol;

    /// <summary>The body in <see cref="Protocol"/>: members, model and stream are known of it.</summary>
    public PromptRequest Shell => shell;

    /// <summary>It cannot be said as a chat completion: only providers that speak its protocol can serve it, and nothing is known of its prefix.</summary>
    public bool IsOpaque { get; init; }

    /// <summary>The client wants <c>cost_details</c> in a response that is not translated.</summary>
    public bool CostDetails { get; init; }

    /// <summary>Whether the target speaks the client's protocol, so that the bytes pass through.</summary>
    public bool IsSpokenBy(RouteTarget target) => target.Provider.Protocol.Name == protocol.Name;

    public void Dispose() => raw.Dispose();
}
