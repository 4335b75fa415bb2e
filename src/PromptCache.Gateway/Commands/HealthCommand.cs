using System.CommandLine;
using PromptCache.Gateway.Hosting;

namespace PromptCache.Gateway.Commands;

/// <summary><c>health</c>: asks a running gateway whether it lives; for container health checks in images without curl.</summary>
internal static class HealthCommand
{
    public static Command Create()
    {
        var url = new Argument<string>("URL") { Description = "The gateway's address.", DefaultValueFactory = _ => ServeSettings.DefaultUrls };
        var command = new Command("health", "Exit with 0 when a running gateway answers /healthz.") { url };
        command.SetAction(async (result, cancellationToken) =>
        {
            using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
            try
            {
                using var response = await client.GetAsync(new Uri(new Uri(result.GetValue(url)!), "/healthz"), cancellationToken);
                return response.IsSuccessStatusCode ? 0 : 1;
            }
            catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or UriFormatException)
            {
                await Console.Error.WriteLineAsync(exception.Message);
                return 1;
            }
        });
        return command;
    }
}
