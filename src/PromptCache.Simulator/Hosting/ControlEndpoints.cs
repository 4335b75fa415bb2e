using System.Net;

namespace PromptCache.Simulator.Hosting;

/// <summary>What tests in other processes steer the simulator with. It answers on the loopback interface only.</summary>
internal static class ControlEndpoints
{
    public static void MapControl(this IEndpointRouteBuilder endpoints, SimulatorEngine engine)
    {
        var control = endpoints.MapGroup("/__sim");
        control.AddEndpointFilter(async (context, next)
            => context.HttpContext.Connection.RemoteIpAddress is { } from && !IPAddress.IsLoopback(from) ? Results.NotFound() : await next(context));
        control.MapGet("/requests", () => Results.Ok(Report(engine.Log)));
        control.MapDelete("/requests", () =>
        {
            engine.Log.Clear();
            return Results.NoContent();
        });
        control.MapDelete("/cache", () =>
        {
            engine.ClearCaches();
            return Results.NoContent();
        });
        control.MapPost("/config", (HttpRequest request) => ConfigureAsync(engine, request));
    }

    private static object Report(RequestLog log) => new
    {
        arrived = log.Arrived,
        aborted = log.Aborted,
        requests = log.Kept.Select(r => new
        {
            number = r.Number,
            method = r.Method,
            path = r.Path,
            headers = r.Headers,
            body = System.Text.Encoding.UTF8.GetString(r.Body.Span),
            bodyBase64 = Convert.ToBase64String(r.Body.Span),
        }),
    };

    // A settings object lies over the options in force: {"error":"429","errorTimes":2} and the rest stays.
    private static async Task<IResult> ConfigureAsync(SimulatorEngine engine, HttpRequest request)
    {
        var options = engine.Options with { };
        try
        {
            using var buffer = new MemoryStream();
            await request.Body.CopyToAsync(buffer, request.HttpContext.RequestAborted);
            buffer.Position = 0;
            new ConfigurationBuilder().AddJsonStream(buffer).Build().Bind(options, static o => o.ErrorOnUnknownConfiguration = true);
            engine.Configure(options);
            return Results.NoContent();
        }
        catch (Exception exception) when (exception is InvalidOperationException or FormatException or ArgumentException or InvalidDataException or System.Text.Json.JsonException)
        {
            return Results.BadRequest(new { error = exception.Message });
        }
    }
}
