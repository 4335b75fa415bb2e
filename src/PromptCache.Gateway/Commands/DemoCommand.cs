using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using PromptCache.Core.Tokens;
using PromptCache.Gateway.Hosting;
using PromptCache.Simulator.Hosting;
using PromptCache.Tokenizers;
using Spectre.Console;

namespace PromptCache.Gateway.Commands;

/// <summary><c>demo</c>: a gateway and a simulated upstream in one process, a few chats through the real HTTP door, and what they cost. Fails when a number is not what it must be.</summary>
internal static class DemoCommand
{
    private const int Completion = 200;

    public static Command Create()
    {
        var command = new Command("demo", "Show the gateway at work against a simulated upstream; nothing else is needed.");
        command.SetAction((_, cancellationToken) => RunAsync(cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var upstream = await SimulatorHost.StartAsync(new SimulatorOptions { Policy = "electron", CompletionTokens = Completion }, TimeProvider.System, cancellationToken);
        await using var gateway = GatewayHost.Build(new ServeSettings
        {
            Urls = "http://127.0.0.1:0",
            LogLevel = LogLevel.Warning,
            ConfigText = $$"""
                { "PromptCache": {
                    "Providers": { "electron": { "Protocol": "openai", "BaseUrl": "{{upstream.BaseUrl}}", "ApiKey": "none", "CachePolicy": "electron", "Usage": "store" } },
                    "Prices": [ { "Model": "electron", "Input": 0.40, "CacheRead": 0.10, "Output": 1.60 } ] } }
                """,
        });
        await gateway.StartAsync(cancellationToken);
        var address = gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        await Console.Out.WriteLineAsync($"Gateway on {address}/v1, in front of a simulated engine whose cache the gateway bills.");

        using var client = new HttpClient { BaseAddress = new Uri(address) };
        var calls = await CallAsync(client, new TokenizerCatalog().ForModel("electron").Tokenizer, cancellationToken);
        Print(calls);
        await gateway.StopAsync(cancellationToken);

        var wrong = Check(calls).ToList();
        foreach (var line in wrong)
        {
            await Console.Error.WriteLineAsync(line);
        }

        return wrong.Count == 0 ? 0 : 1;
    }

    private static async Task<List<DemoCall>> CallAsync(HttpClient client, ITokenizer tokenizer, CancellationToken cancellationToken)
    {
        // Every message costs 4 tokens beside its text (3 and its role's name), the reply's priming 3.
        var system = DemoPrompts.Text(tokenizer, 1000 - 4, "You help customers.");
        var asked = DemoPrompts.Text(tokenizer, 250 - 4, "My tent has a hole.");
        var answered = DemoPrompts.Text(tokenizer, 250 - 4, "I am sorry to hear that.");
        JsonArray Conversation(string question) =>
        [
            Message("system", system), Message("user", asked), Message("assistant", answered),
            Message("user", DemoPrompts.Text(tokenizer, 50 - 4 - 3, question)),
        ];

        JsonArray Short() => [Message("system", "You are a helpful assistant."), Message("user", "What is 2+2?")];

        return
        [
            await SendAsync(client, "same request, first", Short(), cancellationToken),
            await SendAsync(client, "same request, again", Short(), cancellationToken),
            await SendAsync(client, "conversation, first turn", Conversation("Can it be repaired?"), cancellationToken),
            await SendAsync(client, "same prefix, next question", Conversation("What does a new one cost?"), cancellationToken),
            await StreamAsync(client, "same prefix, streamed", Conversation("Do you ship to Norway?"), cancellationToken),
        ];
    }

    private static JsonObject Message(string role, string content) => new() { ["role"] = role, ["content"] = content };

    private static async Task<DemoCall> SendAsync(HttpClient client, string name, JsonArray messages, CancellationToken cancellationToken)
    {
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", new JsonObject { ["model"] = "electron", ["messages"] = messages }, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await response.Content.ReadAsStreamAsync(cancellationToken));
        return DemoCall.Read(name, json.RootElement);
    }

    private static async Task<DemoCall> StreamAsync(HttpClient client, string name, JsonArray messages, CancellationToken cancellationToken)
    {
        var body = new JsonObject { ["model"] = "electron", ["stream"] = true, ["stream_options"] = new JsonObject { ["include_usage"] = true }, ["messages"] = messages };
        using var response = await client.PostAsJsonAsync("/v1/chat/completions", body, cancellationToken);
        response.EnsureSuccessStatusCode();
        var last = (await response.Content.ReadAsStringAsync(cancellationToken)).Split('\n').Last(l => l.StartsWith("data: {", StringComparison.Ordinal));
        using var json = JsonDocument.Parse(last["data: ".Length..]);
        return DemoCall.Read(name, json.RootElement);
    }

    private static void Print(List<DemoCall> calls)
    {
        // A pipe has no width of its own.
        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 100);
        var table = new Table().AddColumn(new TableColumn("call").NoWrap())
            .AddColumn(new TableColumn("prompt tokens").RightAligned()).AddColumn(new TableColumn("cached tokens").RightAligned())
            .AddColumn(new TableColumn("cost, USD").RightAligned()).AddColumn(new TableColumn("saved, USD").RightAligned());
        foreach (var call in calls)
        {
            table.AddRow(call.Name, Number(call.Prompt), Number(call.Cached), Amount(call.Cost), Amount(call.Saved));
        }

        AnsiConsole.Write(table);

        static string Number(long value) => value.ToString("N0", CultureInfo.InvariantCulture);
        static string Amount(decimal value) => value.ToString("0.00000000", CultureInfo.InvariantCulture);
    }

    /// <summary>What is wrong with the figures, a line for each call.</summary>
    internal static IEnumerable<string> Check(IReadOnlyCollection<DemoCall> calls)
    {
        (long? Prompt, Func<long, bool> Cached, decimal? Cost)[] expected =
        [
            (null, c => c == 0, null),
            (null, c => c > 0, null),
            (1550, c => c == 0, 0.00094m),
            (1550, c => c == 1500, 0.00049m),
            (1550, c => c == 1500, 0.00049m),
        ];
        if (calls.Count != expected.Length)
        {
            yield return $"There are {calls.Count} calls where there must be {expected.Length}.";
        }

        foreach (var (call, must) in calls.Zip(expected))
        {
            if ((must.Prompt is { } prompt && call.Prompt != prompt) || !must.Cached(call.Cached) || (must.Cost is { } cost && call.Cost != cost))
            {
                yield return $"The numbers of '{call.Name}' are not what they must be: {call}";
            }
        }
    }
}
