using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PromptCache.Gateway.Hosting;
using PromptCache.Simulator.Hosting;
using PromptCache.Testing;

namespace PromptCache.Benchmarks.Day;

/// <summary>
/// A simulated day at each setting of <c>Breakpoints</c>: <c>dotnet run -c Release --project tests/PromptCache.Benchmarks -- day [TRACE [COUNT]]</c>.
/// The real gateway in front of simulated Anthropic, on a clock that jumps from request to request.
/// </summary>
internal static class DayRun
{
    public const string Model = "claude-sonnet-4-5";

    private const int Seed = 20261121;

    public static async Task RunAsync(string? trace, int count)
    {
        var calls = trace is null ? DayTraffic.Make(Seed) : TraceTraffic.Read(trace, count);
        List<string> table = ["setting   requests    prompt tokens      read tokens   written tokens   never read   input USD    total USD   input saved   input USD by kind"];
        decimal? off = null;
        foreach (var setting in (string[])["off", "always", "adaptive"])
        {
            var result = await PlayAsync(calls, setting);
            off ??= result.Input;
            var kinds = string.Join("  ", result.InputByKind.Select(k => string.Create(CultureInfo.InvariantCulture, $"{k.Key} {k.Value:0.000}")));
            table.Add(string.Create(CultureInfo.InvariantCulture,
                $"{setting,-8}  {result.Requests,8}  {result.Prompt,15:N0}  {result.Read,15:N0}  {result.Written,15:N0}  {(result.Written == 0 ? 0 : result.NeverRead / result.Written),10:P1}  {result.Input,10:0.000}  {result.Cost,11:0.000}  {1 - (result.Input / off.Value),12:P1}   {kinds}"));
        }

        Console.WriteLine(string.Join(Environment.NewLine, table));
    }

    private static async Task<DayResult> PlayAsync(IReadOnlyList<DayCall> calls, string setting)
    {
        var time = new ManualTimeProvider();
        await using var claude = await SimulatorHost.StartAsync(new SimulatorOptions(), time);
        await using var gateway = GatewayHost.Build(new ServeSettings
        {
            Urls = "http://127.0.0.1:0",
            LogLevel = LogLevel.Error,
            Time = time,
            ConfigText = $$"""{ "PromptCache": { "Providers": { "anthropic": { "BaseUrl": "{{claude.BaseUrl}}", "ApiKey": "sk-ant-day", "Breakpoints": "{{setting}}" } } } }""",
        });
        await gateway.StartAsync();
        using var client = new HttpClient { BaseAddress = new Uri(gateway.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()) };

        var result = new DayResult();
        var ledger = new WriteLedger();
        var now = TimeSpan.Zero;
        foreach (var call in calls)
        {
            time.Advance(call.At - now);
            now = call.At;
            await SendAsync(client, call, result, ledger);
        }

        result.NeverRead = ledger.NeverRead;
        await gateway.StopAsync();
        return result;
    }

    private static async Task SendAsync(HttpClient client, DayCall call, DayResult result, WriteLedger ledger)
    {
        using var content = new StringContent(call.Body(), Encoding.UTF8, "application/json");
        using var response = await client.PostAsync("/v1/chat/completions", content);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"{call.Kind} at {call.At}: {(int)response.StatusCode} {text}");
        }

        using var json = JsonDocument.Parse(text);
        var usage = json.RootElement.GetProperty("usage");
        var details = usage.GetProperty("prompt_tokens_details");
        var cost = json.RootElement.GetProperty("cost_details");
        var prompt = usage.GetProperty("prompt_tokens").GetInt64();
        var read = details.GetProperty("cached_tokens").GetInt64();
        var written = details.TryGetProperty("cache_write_tokens", out var writes) ? writes.GetInt64() : 0;
        var input = cost.GetProperty("prompt_cost").GetDecimal();
        result.Requests++;
        result.Prompt += prompt;
        result.Read += read;
        result.Written += written;
        result.Input += input;
        result.Cost += cost.GetProperty("total_cost").GetDecimal();
        result.InputByKind[call.Kind] = result.InputByKind.GetValueOrDefault(call.Kind) + input;
        ledger.Add(call, prompt, read, written);
    }
}
