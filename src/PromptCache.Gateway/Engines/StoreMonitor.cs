using PromptCache.Core.Store;

namespace PromptCache.Gateway.Engines;

/// <summary>Asks a shared store every second whether it is there, through the same guard as requests do: readiness and metrics know of an outage that no request has met, and of its end.</summary>
internal sealed class StoreMonitor(PrefixEngineSource engines, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                using var lease = engines.Lease();
                if (lease.Store is { Guard: { } guard, Redis: { } redis })
                {
                    if (guard.Health.State is StoreState.Bypassed)
                    {
                        // Perhaps another server is the primary by now.
                        _ = redis.LookAgainAsync();
                    }

                    await guard.ProbeAsync(redis.ProbeAsync, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The host is stopping.
            return;
        }
    }
}
