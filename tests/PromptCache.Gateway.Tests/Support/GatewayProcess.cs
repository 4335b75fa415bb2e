using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PromptCache.Gateway.Tests.Support;

/// <summary>The built gateway as a process of its own, as an operator runs it.</summary>
internal sealed partial class GatewayProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private GatewayProcess(Process process)
    {
        _process = process;
        process.OutputDataReceived += OnLine;
        process.ErrorDataReceived += OnLine;
        process.EnableRaisingEvents = true;
        process.Exited += (_, _) => _listening.TrySetException(new InvalidOperationException($"The gateway ended: {Output}"));
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public HttpClient Client { get; } = new() { Timeout = TimeSpan.FromSeconds(30) };

    /// <summary>Starts <c>serve</c> and waits until it listens.</summary>
    public static Task<GatewayProcess> ServeAsync(string configFile, params (string Name, string Value)[] environment) => ServeOnAsync("http://127.0.0.1:0", configFile, environment);

    /// <summary>Starts <c>serve</c> on these addresses, of which the first is one of plain HTTP on loopback, and waits until it listens.</summary>
    public static async Task<GatewayProcess> ServeOnAsync(string urls, string configFile, params (string Name, string Value)[] environment)
    {
        var gateway = new GatewayProcess(Start(["serve", "--urls", urls, "--config", configFile], environment));
        gateway.Client.BaseAddress = await gateway._listening.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return gateway;
    }

    /// <summary>Runs a command to its end.</summary>
    public static Task<(int Code, string Output, string Error)> RunAsync(string[] arguments, string input = "", params (string Name, string Value)[] environment) => RunAsync(Start(arguments, environment), input);

    private static async Task<(int Code, string Output, string Error)> RunAsync(Process started, string input)
    {
        using var process = started;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken), process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken));
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60));
        return (process.ExitCode, await output, await error);
    }

    /// <summary>Runs a command whose standard output is a device that is full.</summary>
    public static Task<(int Code, string Output, string Error)> RunOnFullDiskAsync(string[] arguments, string input = "") => RunAsync(Start("sh", ["-c", "exec dotnet \"$0\" \"$@\" > /dev/full", Program, .. arguments], []), input);

    public async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [signal, _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public async Task<int> ExitAsync(int seconds = 30)
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(seconds));
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static Process Start(string[] arguments, (string Name, string Value)[] environment) => Start("dotnet", [Program, .. arguments], environment);

    private static Process Start(string program, string[] arguments, (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Path.GetTempPath(),
        };
        foreach (var name in start.Environment.Keys.Where(n => n.EndsWith("_API_KEY", StringComparison.Ordinal) || n.StartsWith("OTEL_", StringComparison.Ordinal) || n.StartsWith("PromptCache__", StringComparison.OrdinalIgnoreCase) || n == "ASPNETCORE_URLS").ToArray())
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return Process.Start(start)!;
    }

    // tests/X/bin/CONFIGURATION/FRAMEWORK/ of this assembly leads to the program that was built beside it.
    private static string Program
    {
        get
        {
            var framework = new DirectoryInfo(AppContext.BaseDirectory.TrimEnd('/'));
            var root = framework.Parent!.Parent!.Parent!.Parent!.Parent!.FullName;
            return Path.Combine(root, "src", "PromptCache.Gateway", "bin", framework.Parent.Name, framework.Name, "PromptCache.Gateway.dll");
        }
    }

    private void OnLine(object sender, DataReceivedEventArgs e)
    {
        if (e.Data is not { } line)
        {
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (Listening().Match(line) is { Success: true } match)
        {
            _listening.TrySetResult(new Uri(match.Value));
        }
    }

    [GeneratedRegex("http://127\\.0\\.0\\.1:[1-9][0-9]*", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Listening();
}
