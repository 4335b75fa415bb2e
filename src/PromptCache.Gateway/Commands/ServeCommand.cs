using System.CommandLine;
using System.Runtime.InteropServices;
using PromptCache.Gateway.Hosting;

namespace PromptCache.Gateway.Commands;

/// <summary><c>serve</c>, the default: runs the gateway until it is told to stop.</summary>
internal static class ServeCommand
{
    public static Option<string> Urls { get; } = new("--urls") { Description = "Where to listen, separated by ';'.", DefaultValueFactory = _ => Environment.GetEnvironmentVariable("ASPNETCORE_URLS") is { Length: > 0 } urls ? urls : ServeSettings.DefaultUrls };

    public static Option<string?> Config { get; } = new("--config") { Description = "The configuration file. Default: ./promptcache.json, else built-in defaults." };

    public static Command Create()
    {
        var command = new Command("serve", "Run the gateway (the default).") { Urls, Config };
        command.SetAction(RunAsync);
        return command;
    }

    public static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        var urls = result.GetValue(Urls)!;
        WebApplication app;
        try
        {
            ListenAddresses.Check(urls);
            app = GatewayHost.Build(new ServeSettings { Urls = urls, ConfigPath = result.GetValue(Config) });
        }
        catch (Exception exception) when (exception is InvalidConfigurationException or IOException or FormatException)
        {
            return await FailAsync(exception.Message);
        }

        await using (app)
        {
            try
            {
                ListenAddresses.RemoveStaleSockets(urls);
                await app.StartAsync(cancellationToken);
            }
            catch (Exception exception) when (exception is not OutOfMemoryException)
            {
                // A port in use, a foreign address, no certificate: the operator needs the reason, not where the code was.
                return await FailAsync($"The gateway cannot listen on {urls}: {exception.Message}");
            }

            await ServeAsync(app, cancellationToken);
            return 0;
        }
    }

    /// <summary>Serves until the first signal; then running requests may end, for the time that the configuration grants, or until a second signal.</summary>
    private static async Task ServeAsync(WebApplication app, CancellationToken cancellationToken)
    {
        var stopping = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byHost = app.Lifetime.ApplicationStopping.Register(stopping.SetResult);
        using var byCaller = cancellationToken.Register(app.Lifetime.StopApplication);
        await stopping.Task;
        using var now = new CancellationTokenSource();
        using var term = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Hurry);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Hurry);
        await app.StopAsync(now.Token);

        void Hurry(PosixSignalContext signal)
        {
            signal.Cancel = true;
            now.Cancel();
        }
    }

    private static async Task<int> FailAsync(string message)
    {
        await Console.Error.WriteLineAsync(message);
        return 1;
    }
}
