using System.CommandLine;
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
        try
        {
            foreach (var url in result.GetValue(Urls)!.Split(';', StringSplitOptions.RemoveEmptyEntries))
            {
                _ = BindingAddress.Parse(url);   // the server would find out later, and with a stack trace
            }

            await using var app = GatewayHost.Build(new ServeSettings { Urls = result.GetValue(Urls)!, ConfigPath = result.GetValue(Config) });
            await app.RunAsync(cancellationToken);
            return 0;
        }
        catch (Exception exception) when (exception is InvalidConfigurationException or IOException or FormatException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 1;
        }
    }
}
