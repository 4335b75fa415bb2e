namespace PromptCache.Core.Store;

/// <summary>Closed until some calls in a row have failed; then open, and after a break one call at a time may try.</summary>
/// <remarks>A row of writes that fail is not ended by reads: a store that finds but no longer records (full, or a replica) is no store, and only a write that succeeds shows that it is one again.</remarks>
internal sealed class StoreBreaker(StoreGuardOptions options, TimeProvider time)
{
    private readonly Lock _gate = new();
    private volatile bool _open;
    private volatile int _failures;
    private volatile int _writeFailures;
    private bool _openedByWrites;
    private long _failed;
    private bool _probing;
    private long _openedAt;
    private DateTimeOffset _since = time.GetUtcNow();
    private string? _lastError;

    public StoreHealth Health
    {
        get
        {
            lock (_gate)
            {
                return new(_open ? StoreState.Bypassed : StoreState.Serving, _since, _lastError, _failed);
            }
        }
    }

    /// <param name="isWrite">Whether the call records something.</param>
    /// <param name="keepsNobodyWaiting">A call on nobody's behalf may try at any time: the break is there to spare requests.</param>
    public StorePass Enter(bool isWrite, bool keepsNobodyWaiting = false)
    {
        if (!_open)
        {
            return StorePass.Normal;
        }

        lock (_gate)
        {
            if (!_open)
            {
                return StorePass.Normal;
            }

            if (_probing || (_openedByWrites && !isWrite) || (!keepsNobodyWaiting && time.GetElapsedTime(_openedAt).TotalMilliseconds < options.BreakMs))
            {
                return StorePass.Denied;
            }

            _probing = true;
            return StorePass.Probe;
        }
    }

    /// <returns>Whether this very call closed the breaker.</returns>
    public bool OnSuccess(StorePass pass, bool isWrite)
    {
        if (pass != StorePass.Probe && _failures == 0 && (!isWrite || _writeFailures == 0))
        {
            return false;
        }

        lock (_gate)
        {
            // A normal call that was under way when the breaker opened does not close it: the probe decides.
            if (_open && pass != StorePass.Probe)
            {
                return false;
            }

            _failures = 0;
            _writeFailures = isWrite ? 0 : _writeFailures;
            if (!_open)
            {
                return false;
            }

            _open = _probing = _openedByWrites = false;
            _since = time.GetUtcNow();
            return true;
        }
    }

    /// <returns>Whether this very call opened the breaker.</returns>
    public bool OnFailure(StorePass pass, string error, bool isWrite)
    {
        lock (_gate)
        {
            _lastError = error;
            _failed++;
            if (pass == StorePass.Probe)
            {
                _probing = false;
                _openedAt = time.GetTimestamp();
                return false;
            }

            _failures++;
            _writeFailures += isWrite ? 1 : 0;
            if (_open || (_failures < options.Failures && _writeFailures < options.Failures))
            {
                return false;
            }

            _open = true;
            _openedByWrites = _writeFailures >= options.Failures;
            _openedAt = time.GetTimestamp();
            _since = time.GetUtcNow();
            return true;
        }
    }

    /// <summary>The call ended without telling anything about the store.</summary>
    public void OnNothing(StorePass pass)
    {
        if (pass == StorePass.Probe)
        {
            lock (_gate)
            {
                _probing = false;
            }
        }
    }
}
