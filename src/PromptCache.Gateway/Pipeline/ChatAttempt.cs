using System.Collections.Immutable;
using System.Net.Http.Headers;
using PromptCache.Core.Policies;
using PromptCache.Core.Requests;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.ResponseBody;
using PromptCache.Gateway.Routing;
using PromptCache.Providers;

namespace PromptCache.Gateway.Pipeline;

/// <summary>One try to have a request served by one target.</summary>
internal sealed class ChatAttempt(ChatExchange exchange, RouteTarget target, ResponseStream response, bool isLast, ILogger logger) : IDisposable
{
    private readonly TaskCompletionSource<PromptAnalysis?> _analysis = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _begun;
    private long _departed = long.MaxValue;
    private Task _recorded = Task.CompletedTask;

    public ChatExchange Exchange => exchange;

    public RouteTarget Target => target;

    /// <summary>Whether the client's bytes, and the upstream's, pass as they are: both speak the same protocol, and it is not chat completions.</summary>
    public bool PassesThrough { get; } = exchange.Inbound?.IsSpokenBy(target) is true;

    /// <summary>The replica.</summary>
    public DestinationModel Destination { get; set; } = target.Provider.Destinations[0];

    /// <summary>The replica at run time; null: nothing has been sent.</summary>
    public DestinationState? Replica { get; set; }

    /// <summary>The replicas that lately served the longest known prefix; empty while the store has not answered.</summary>
    public ImmutableArray<uint> Holders => Analysis is { IsCompletedSuccessfully: true, Result: { } analysis } ? analysis.Match.Destinations : [];

    /// <summary>How much of the prompt that prefix is, from 0 to 1.</summary>
    public double MatchedShare => Analysis is { IsCompletedSuccessfully: true, Result: { Chain.TotalTokens: > 0 } analysis } ? (double)analysis.Chain.TokensAt(analysis.Match.Blocks) / analysis.Chain.TotalTokens : 0;

    public ResponseStream Response => response;

    /// <summary>Whether no other target is left: then even a 429 is passed on.</summary>
    public bool IsLast => isLast;

    /// <summary>The store's side; null when it failed. May be under way.</summary>
    public Task<PromptAnalysis?> Analysis => _analysis.Task;

    /// <summary>What translators of the response need.</summary>
    public ResponseTranslation Translation { get; set; }

    /// <summary>The translator of the response; null when the bytes come as they are.</summary>
    public IResponseTranslator? Translator { get; set; }

    /// <summary>The upstream's status; 0: there was no answer.</summary>
    public int UpstreamStatus { get; set; }

    /// <summary>The upstream's headers, once they have come: some usage is reported there.</summary>
    public HttpResponseHeaders? UpstreamHeaders { get; set; }

    /// <summary>The upstream's response came to its end.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The upstream's answer calls for the next target.</summary>
    public bool TryNext { get; set; }

    /// <summary>The client gets another answer than this attempt's: the next target's, or an error of ours.</summary>
    public bool IsSuperseded { get; set; }

    /// <summary>Why the request cannot be said in the provider's protocol; null: it can.</summary>
    public RequestError? Refusal { get; set; }

    public UsageSettler? Settler { get; set; }

    /// <summary>The provider's named cache of the marked prefix; null: the request has nothing to do with one.</summary>
    public ExplicitCache? Cache { get; set; }

    /// <summary>The cache that the request went out on top of is gone: it has to go out whole.</summary>
    public bool SendWhole { get; set; }

    /// <summary>The store's view, in one word.</summary>
    public string StoreStatus => Analysis is { IsCompletedSuccessfully: true, Result: { } analysis }
        ? CacheStatus.Of(analysis.Decision)
        : exchange.Inbound is { IsOpaque: true } ? CacheStatus.Bypass : CacheStatus.Unknown;

    /// <summary>The request goes out now: what others make known from here on comes too late for it.</summary>
    public void Depart() => _departed = exchange.Engine.Moment;

    /// <summary>Computes the store's side, once. Runs beside the forwarding, and never fails a request.</summary>
    public async Task AnalyseAsync()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 1)
        {
            return;
        }

        try
        {
            // Not the client's token: a prompt that the upstream has begun to answer is cached there, whoever leaves.
            _analysis.SetResult(exchange.Inbound is { IsOpaque: true }
                ? null
                : await exchange.Engine.AnalyseAsync(exchange.Tenant, target, exchange.Segments, mayMark: !PassesThrough, _departed, CancellationToken.None));
        }
        catch (Exception exception)
        {
            logger.AnalysisFailed(exception);
            _analysis.SetResult(null);
        }
    }

    /// <summary>A 2xx response has begun: the prefix is known from now on. Its bytes do not wait for a long prompt to be written down.</summary>
    public void Record()
    {
        var began = exchange.Engine.Moment;
        _recorded = PrefixEngine.IsLong(exchange.Segments) ? Task.Run(() => RecordAsync(began)) : RecordAsync(began);
    }

    /// <summary>Waits until nothing of this attempt runs any more: it reads pooled memory.</summary>
    public async Task FinishedAsync()
    {
        if (Interlocked.Exchange(ref _begun, 1) == 0)
        {
            _analysis.SetResult(null);
        }

        await Analysis;
        await _recorded;
    }

    /// <summary>Waits until the prefix is recorded: a client that has its figures may come again at once.</summary>
    public Task RecordedAsync() => _recorded;

    public void Dispose() => response.Dispose();

    private async Task RecordAsync(long began)
    {
        try
        {
            if (Cache is not null)
            {
                await Cache.BeginAsync();
            }

            if (await Analysis is { } analysis)
            {
                await exchange.Engine.RecordAsync(analysis, exchange.Tenant, exchange.Segments, Destination.Id, began, CancellationToken.None);
            }
        }
        catch (Exception exception)
        {
            logger.RecordFailed(exception);
        }
    }
}
