using PromptCache.Core.Requests;
using PromptCache.Providers;
using PromptCache.Providers.Anthropic;

namespace PromptCache.Gateway.Pipeline;

/// <summary>The paths of the proxy.</summary>
internal static class ProxyEndpoints
{
    public static void MapProxy(this IEndpointRouteBuilder endpoints)
    {
        var services = endpoints.ServiceProvider;
        var messages = new AnthropicInbound();
        endpoints.MapPost("/v1/chat/completions", (RequestDelegate)services.GetRequiredService<ChatEndpoint>().InvokeAsync);
        endpoints.MapPost("/v1/messages", Speaking(messages, services.GetRequiredService<ChatEndpoint>().InvokeAsync));
        endpoints.MapPost("/v1/messages/count_tokens", Speaking(messages, services.GetRequiredService<CountTokensEndpoint>().InvokeAsync));
        endpoints.MapGet("/v1/models", (RequestDelegate)services.GetRequiredService<ModelsEndpoint>().InvokeAsync);
        endpoints.Map("/v1/{**rest}", (RequestDelegate)services.GetRequiredService<PassThroughEndpoint>().InvokeAsync);
        var (telemetry, time) = (services.GetRequiredService<RequestTelemetry>(), services.GetRequiredService<TimeProvider>());
        endpoints.MapFallback((RequestDelegate)(async context =>
        {
            var started = time.GetTimestamp();
            var error = new RequestError($"There is nothing at {context.Request.Path}; the API is below /v1.", Param: null, "not_found");
            await OpenAIError.WriteAsync(context, StatusCodes.Status404NotFound, error);
            telemetry.Refused(context, StatusCodes.Status404NotFound, error, started);
        }));
    }

    /// <summary>Serves a path in another protocol than chat completions, errors included.</summary>
    private static RequestDelegate Speaking(IInboundProtocol protocol, RequestDelegate serve) => context =>
    {
        context.Features.Set(protocol);
        return serve(context);
    };
}
