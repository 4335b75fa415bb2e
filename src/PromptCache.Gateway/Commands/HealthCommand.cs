using System.CommandLine;
using PromptCache.Gateway.Hosting;

namespace PromptCache.Gateway.Commands;

/// <summary><c>health</c>: asks a running gateway whether it lives; for container health checks in images without curl.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "The gateway's address.", DefaultValueFactory = _ => Default() };
        var command = new Command("health", "Exit with 0 when a running gateway answers /healthz.") { url };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            try
            {
                using var response = await client.GetAsync(new Uri(new Uri(result.GetValue(url)!), "/healthz"), cancellationToken);
                return response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or UriFormatException or NotSupportedException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return command;
    }

    // Where serve listens in the same container; a wildcard is asked on loopback.
    private static string Default()
    {
        var listens = Environment.GetEnvironmentVariable("ASPNETCORE_URLS")?.Split(';')[0] is { Length: > 0 } first ? first : ServeSettings.DefaultUrls;
        foreach (var wildcard in (ReadOnlySpan<string>)["0.0.0.0", "[::]", "*", "+"])
        {
            listens = listens.Replace("//" + wildcard, "//127.0.0.1", StringComparison.Ordinal);
        }

        return listens;
    }
}
