using System.Threading.Channels;
using PromptCache.Testing;

namespace PromptCache.Simulator.Tests;

/// <summary>A clock that a test moves, and that tells when somebody has begun to wait for it.</summary>
internal sealed class TestClock : TimeProvider
{
    private readonly ManualTimeProvider _inner = new();
    private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => _inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => _inner.GetUtcNow();

    public override long GetTimestamp() => _inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = _inner.CreateTimer(callback, state, dueTime, period);
        _waits.Writer.TryWrite(dueTime);
        return timer;
    }

    public void Advance(TimeSpan by) => _inner.Advance(by);

    /// <summary>Waits until one more wait has begun.</summary>
    public async Task NextWaitAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _waits.Reader.ReadAsync(patience.Token);
    }
}
