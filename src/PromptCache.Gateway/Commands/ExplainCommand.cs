using System.CommandLine;
using System.Net.Http.Headers;
using System.Text.Json;
using PromptCache.Core.Requests;
using PromptCache.Core.Store;
using PromptCache.Gateway.Admin;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Tenancy;
using PromptCache.Tokenizers;

namespace PromptCache.Gateway.Commands;

/// <summary><c>explain</c>: what would be cached of a request, and why not more; by a running gateway, or by the rules alone.</summary>
internal static class ExplainCommand
{
    private const string KeyVariable = "PROMPTCACHE_ADMIN_KEY";

    private static readonly Argument<string> File = new("FILE") { Description = "A chat-completion request as JSON; - for standard input." };
    private static readonly Option<string[]> Policies = new("--policy") { Description = "A cache policy to apply; may be repeated. Default: that of the provider that serves the model." };
    private static readonly Option<string?> Config = new("--config") { Description = "The configuration file. Default: ./promptcache.json, else built-in defaults." };
    private static readonly Option<string?> Gateway = new("--gateway") { Description = $"A running gateway to ask, which knows its prefixes; its admin key is read from {KeyVariable}. Without: no prefix is known." };
    private static readonly Option<string?> Tenant = new("--tenant") { Description = "The id of the tenant to look as, when a gateway is asked." };
    private static readonly Option<bool> Json = new("--json") { Description = "Print the report as JSON." };

    public static Command Create()
    {
        var command = new Command("explain", "Show a request's segments, and what would be read and written under cache policies. Nothing is forwarded.") { File, Policies, Config, Gateway, Tenant, Json };
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult result, CancellationToken cancellationToken)
    {
        try
        {
            var body = await ReadAsync(result.GetValue(File)!, cancellationToken);
            var policies = result.GetValue(Policies) ?? [];
            var report = result.GetValue(Gateway) is { } gateway
                ? await AskAsync(gateway, body, policies, result.GetValue(Tenant), cancellationToken)
                : await OfflineAsync(result.GetValue(Config), body, policies, cancellationToken);
            await Console.Out.WriteLineAsync(result.GetValue(Json) ? JsonSerializer.Serialize(report, ExplainReport.Json) : ExplainText.Of(report));
            return 0;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or HttpRequestException or InvalidDataException or OperationCanceledException or JsonException)
        {
            await Console.Error.WriteLineAsync(exception.Message);
            return 2;
        }
    }

    private static async Task<ExplainReport> OfflineAsync(string? config, byte[] body, string[] policies, CancellationToken cancellationToken)
    {
        var file = ConfigurationFile.Locate(config);
        var (model, errors) = file.Read();
        if (model is null)
        {
            throw new InvalidDataException($"{file.Origin}: {string.Join("; ", errors)}");
        }

        var time = TimeProvider.System;
        using var counting = new CountingThreads(TimeProvider.System);
        var engine = new PrefixEngine(model.Store with { Redis = null }, new InProcessPrefixStore(time), new InProcessSharedNotes(time), new TokenizerCatalog(), counting, time);
        var (report, error) = await new Explainer(time).ExplainAsync(model, engine, new Tenant("anonymous", Credential: null), body, policies, cancellationToken);
        return report ?? throw new InvalidDataException(Words(error!));
    }

    private static async Task<ExplainReport> AskAsync(string address, byte[] body, string[] policies, string? tenant, CancellationToken cancellationToken)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out var gateway) || gateway.Scheme is not ("http" or "https"))
        {
            throw new InvalidDataException($"'{address}' is not an http or https address.");
        }

        using var client = new HttpClient { Timeout = TimeSpan.FromSeconds(60) };
        var query = $"/promptcache/explain?policies={Uri.EscapeDataString(string.Join(',', policies))}&tenant={Uri.EscapeDataString(tenant ?? "")}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(gateway, query)) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        if (Environment.GetEnvironmentVariable(KeyVariable) is { Length: > 0 } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await client.SendAsync(request, cancellationToken);
        var answer = await response.Content.ReadAsByteArrayAsync(cancellationToken);
        return response.IsSuccessStatusCode
            ? JsonSerializer.Deserialize<ExplainReport>(answer, ExplainReport.Json) ?? throw new InvalidDataException("The gateway's answer is empty.")
            : throw new InvalidDataException($"The gateway answered {(int)response.StatusCode}: {System.Text.Encoding.UTF8.GetString(answer)}");
    }

    private static string Words(RequestError error) => error.Param is null ? error.Message : $"{error.Param}: {error.Message}";

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (path != "-")
        {
            return await System.IO.File.ReadAllBytesAsync(path, cancellationToken);
        }

        await using var input = Console.OpenStandardInput();
        using var memory = new MemoryStream();
        await input.CopyToAsync(memory, cancellationToken);
        return memory.ToArray();
    }
}
