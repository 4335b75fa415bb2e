using System.Collections.Immutable;
using PromptCache.Core.Prefixes;
using PromptCache.Core.Requests;
using PromptCache.Core.Wire;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Pipeline;

/// <summary>One chat request as far as it is understood before anything is forwarded. Owns the pooled memory that the rest points into.</summary>
internal sealed class ChatExchange(GatewayModel model, PrefixEngine engine, Tenant tenant, PooledBytes body, PromptRequest request, SegmentList segments) : IDisposable
{
    private readonly List<Task> _work = [];
    private string? _conversation;

    /// <summary>The configuration that was in force when the request began.</summary>
    public GatewayModel Model => model;

    public PrefixEngine Engine => engine;

    public Tenant Tenant => tenant;

    public PromptRequest Request => request;

    public SegmentList Segments => segments;

    /// <summary>Who can serve it, in the order in which they are tried.</summary>
    public required ImmutableArray<RouteTarget> Targets { get; set; }

    /// <summary>The tier that the client asked for (<c>flex</c>, <c>priority</c>): it has prices of its own. Null: the standard one.</summary>
    public string? ServiceTier
    {
        get
        {
            var member = request.Find("service_tier"u8);
            return !member.Exists ? null : request.ValueOf(member) switch
            {
                var value when value.SequenceEqual("\"flex\""u8) => "flex",
                var value when value.SequenceEqual("\"priority\""u8) => "priority",
                _ => null,
            };
        }
    }

    /// <summary>What the client sent, if it was no chat completion; null: it was.</summary>
    public InboundRequest? Inbound { get; init; }

    /// <summary>Attempts that failed and were followed by another.</summary>
    public int FailedAttempts { get; set; }

    /// <summary>Replicas that were tried.</summary>
    public HashSet<uint> Tried { get; } = [];

    /// <summary>The conversation's name for caches and routing.</summary>
    public string Conversation => _conversation ??= AffinityKey.OfConversation(engine.Secret, tenant, segments);

    /// <summary>Keeps the memory until something is finished that reads it; the task must not fail.</summary>
    public void Outlast(Task work) => _work.Add(work);

    /// <summary>Waits until nobody reads the memory any more.</summary>
    public Task FinishedAsync() => Task.WhenAll(_work);

    public void Dispose()
    {
        segments.Dispose();
        body.Dispose();
        Inbound?.Dispose();
    }
}
