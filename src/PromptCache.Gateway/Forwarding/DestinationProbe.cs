using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Routing;

namespace PromptCache.Gateway.Forwarding;

/// <summary>Asks the replicas of engines that have several whether they are there, so that no request has to find out.</summary>
/// <remarks>Any answer below 500 to <c>GET /models</c> will do, a 404 or a 401 too: somebody is at home.</remarks>
internal sealed class DestinationProbe(GatewayModelSource configuration, DestinationSelector destinations, UpstreamClients clients, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    // From the start on, not from when a thread is free for it.
    private readonly PeriodicTimer _timer = new(Interval, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _timer.WaitForNextTickAsync(stoppingToken))
            {
                var providers = configuration.Current.Providers.Values;
                destinations.Keep(providers.SelectMany(p => p.Destinations));
                var replicas = providers.Where(p => p.Destinations.Length > 1).SelectMany(p => p.Destinations);
                await Task.WhenAll(replicas.Select(r => ProbeAsync(r, stoppingToken)));
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
            return;
        }
    }

    private async Task ProbeAsync(DestinationModel replica, CancellationToken stoppingToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, stoppingToken);
        using var request = new HttpRequestMessage(HttpMethod.Get, UpstreamHeaders.Join(replica.BaseUrl, "/models", QueryString.Empty));
        var state = destinations.StateOf(replica);
        try
        {
            using var response = await clients.Invoker.SendAsync(request, either.Token);
            if ((int)response.StatusCode < 500)
            {
                state.Restore();
                return;
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            stoppingToken.ThrowIfCancellationRequested();
        }

        state.PutToRest(time);
    }
}
