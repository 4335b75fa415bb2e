using PromptCache.Gateway.Configuration;

namespace PromptCache.Gateway.Routing;

/// <summary>A replica at run time: how busy it is, and whether it failed lately.</summary>
/// <remarks>
/// After several failures in a row it rests; then one request may try, and while that one has not been answered the others go elsewhere for another rest.
/// So a host that swallows connections costs one request its connect timeout now and then, not every request.
/// </remarks>
internal sealed class DestinationState(DestinationModel destination)
{
    private const int FailuresToRest = 3;
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private int _running;
    private int _failures;
    private long _restsSince;

    public DestinationModel Destination => destination;

    /// <summary>Requests that it is working on for this gateway.</summary>
    public int Running => Volatile.Read(ref _running);

    /// <summary>Down after several failures in a row, until it has rested; then a request may try.</summary>
    public bool IsUp(long now, TimeProvider time)
        => Volatile.Read(ref _failures) < FailuresToRest || time.GetElapsedTime(Volatile.Read(ref _restsSince), now) >= Rest;

    public void Begin(TimeProvider time)
    {
        Interlocked.Increment(ref _running);
        if (Volatile.Read(ref _failures) >= FailuresToRest)
        {
            Volatile.Write(ref _restsSince, time.GetTimestamp());
        }
    }

    /// <summary>It has begun to answer: who was on trial is no more, and the next failure sends it back to rest.</summary>
    public void Answered()
    {
        var failures = Volatile.Read(ref _failures);
        if (failures >= FailuresToRest)
        {
            Interlocked.CompareExchange(ref _failures, FailuresToRest - 1, failures);
        }
    }

    /// <param name="failed">Whether the replica failed; null: nobody knows, because the client left.</param>
    /// <param name="time">The clock.</param>
    public void End(bool? failed, TimeProvider time)
    {
        Interlocked.Decrement(ref _running);
        if (failed is null)
        {
            return;
        }

        if (failed is false)
        {
            Restore();
            return;
        }

        Volatile.Write(ref _restsSince, time.GetTimestamp());
        Interlocked.Increment(ref _failures);
    }

    /// <summary>A probe, or a request, found it well.</summary>
    public void Restore() => Volatile.Write(ref _failures, 0);

    /// <summary>A probe found it gone: it rests at once.</summary>
    public void PutToRest(TimeProvider time)
    {
        Volatile.Write(ref _restsSince, time.GetTimestamp());
        Volatile.Write(ref _failures, FailuresToRest);
    }
}
