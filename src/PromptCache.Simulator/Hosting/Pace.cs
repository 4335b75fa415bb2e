namespace PromptCache.Simulator.Hosting;

/// <summary>When each token of a completion is due: the first after its delay, the others at the rate.</summary>
internal sealed class Pace(Exchange exchange)
{
    private readonly TimeProvider _time = exchange.Engine.Time;
    private readonly long _start = exchange.Engine.Time.GetTimestamp();

    /// <summary>Waits until the token with this index may leave.</summary>
    public async ValueTask UntilAsync(int token)
    {
        var options = exchange.Options;
        var seconds = (options.FirstTokenDelayMs / 1000) + (options.TokensPerSecond > 0 ? token / options.TokensPerSecond : 0);
        var wait = TimeSpan.FromSeconds(seconds) - _time.GetElapsedTime(_start);
        if (wait > TimeSpan.Zero)
        {
            await Task.Delay(wait, _time, exchange.Aborted);
        }
    }
}
