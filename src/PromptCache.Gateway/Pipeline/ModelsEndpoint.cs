using System.Buffers;
using System.Text.Json;
using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Forwarding;
using PromptCache.Gateway.Routing;
using PromptCache.Gateway.Tenancy;
using Yarp.ReverseProxy.Forwarder;

namespace PromptCache.Gateway.Pipeline;

/// <summary>Serves <c>GET /v1/models</c>: the configured names, and what the OpenAI-protocol providers list themselves. A provider that does not answer in time, or with what is no list, is left out.</summary>
internal sealed class ModelsEndpoint(GatewayModelSource configuration, PrefixEngineSource engines, DestinationSelector destinations, UpstreamClients clients, RequestTelemetry telemetry, TimeProvider time)
{
    /// <summary>The longest list that is read; those of providers with hundreds of models have 1 MB.</summary>
    private const int MaxBytes = 8 << 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    public async Task InvokeAsync(HttpContext context)
    {
        var started = time.GetTimestamp();
        var model = configuration.Current;
        if (TenantResolver.Resolve(context.Request, model, engines.Current.Secret) is not { } tenant)
        {
            await OpenAIError.WriteAsync(context, StatusCodes.Status401Unauthorized, Refusals.UnknownKey);
            telemetry.Refused(context, StatusCodes.Status401Unauthorized, Refusals.UnknownKey, started);
            return;
        }

        var configured = model.Routes.Where(r => !r.Match.Contains('*', StringComparison.Ordinal)).Select(r => (Id: r.Match, Owner: r.Providers.FirstOrDefault()?.Name ?? ""));
        var priced = model.Providers.Values.Where(p => p.Protocol.Name == "openai" && UpstreamHeaders.HasKey(p, tenant)).OrderBy(p => p.Name, StringComparer.Ordinal);
        var listed = await Task.WhenAll(priced.Select(p => ListAsync(p, tenant, context.RequestAborted)));
        await WriteAsync(context, configured.Concat(listed.SelectMany(l => l)).DistinctBy(m => m.Id, StringComparer.Ordinal));
        telemetry.Passed(context, tenant, provider: "", ForwarderError.None, started);
    }

    private async Task<IReadOnlyList<(string Id, string Owner)>> ListAsync(ProviderModel provider, Tenant tenant, CancellationToken aborted)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, aborted);
        using var request = new HttpRequestMessage(HttpMethod.Get, UpstreamHeaders.Join(destinations.Select(provider, holders: [], matchedShare: 0, tried: []).BaseUrl, "/models", QueryString.Empty));
        UpstreamHeaders.Apply(request, provider, tenant);
        try
        {
            using var response = await clients.Invoker.SendAsync(request, either.Token);
            if (!response.IsSuccessStatusCode)
            {
                return [];
            }

            await response.Content.LoadIntoBufferAsync(MaxBytes, either.Token);
            using var json = await JsonDocument.ParseAsync(await response.Content.ReadAsStreamAsync(either.Token), default, either.Token);
            return [.. from item in json.RootElement.GetProperty("data").EnumerateArray()
                       where item.ValueKind == JsonValueKind.Object && item.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
                       select (item.GetProperty("id").GetString()!, provider.Name)];
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException or KeyNotFoundException or InvalidOperationException or OperationCanceledException)
        {
            return [];
        }
    }

    private static async Task WriteAsync(HttpContext context, IEnumerable<(string Id, string Owner)> models)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("object"u8, "list"u8);
            json.WriteStartArray("data"u8);
            foreach (var (id, owner) in models)
            {
                json.WriteStartObject();
                json.WriteString("id"u8, id);
                json.WriteString("object"u8, "model"u8);
                json.WriteNumber("created"u8, 0);
                json.WriteString("owned_by"u8, owner);
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        context.Response.ContentType = "application/json";
        context.Response.ContentLength = buffer.WrittenCount;
        context.Response.Headers[HeaderNames.RequestId] = RequestIds.Of(context);
        await context.Response.Body.WriteAsync(buffer.WrittenMemory, context.RequestAborted);
    }
}
