namespace PromptCache.Gateway.Configuration;

/// <summary>Calls back when the content of a file has become another one.</summary>
/// <remarks>
/// The directory is watched, not the file: a Kubernetes ConfigMap changes by swapping a symbolic link beside it. What the file system does not report
/// (network mounts, exhausted watches) is found by a look at the content every few seconds. A burst of writes is one change.
/// </remarks>
internal sealed class ConfigurationWatcher : IDisposable
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(5);

    private readonly ConfigurationFile _file;
    private readonly Action _changed;
    private readonly Timer _timer;
    private readonly FileSystemWatcher? _watcher;
    private readonly Lock _gate = new();
    private byte[]? _known;

    public ConfigurationWatcher(ConfigurationFile file, Action changed)
    {
        (_file, _changed, _known) = (file, changed, file.LastRead ?? file.Fingerprint());

        // It may have changed between its reading and here.
        _timer = new Timer(_ => Compare(), state: null, Settle, Look);
        try
        {
            _watcher = new FileSystemWatcher(Path.GetDirectoryName(file.Path!)!);
            _watcher.Changed += OnEvent;
            _watcher.Created += OnEvent;
            _watcher.Renamed += OnEvent;
            _watcher.EnableRaisingEvents = true;
        }
        catch (IOException)
        {
            // No watch is to be had from the system; the look every few seconds remains.
            _watcher?.Dispose();
        }
    }

    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    private void OnEvent(object sender, FileSystemEventArgs e) => _timer.Change(Settle, Look);

    private void Compare()
    {
        lock (_gate)
        {
            var now = _file.Fingerprint();
            if (now is null || now.AsSpan().SequenceEqual(_known))
            {
                return;
            }

            _known = now;
            _changed();
        }
    }
}
