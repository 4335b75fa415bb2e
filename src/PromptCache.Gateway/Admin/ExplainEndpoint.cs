using PromptCache.Gateway.Configuration;
using PromptCache.Gateway.Engines;
using PromptCache.Gateway.Explain;
using PromptCache.Gateway.Pipeline;
using PromptCache.Gateway.Tenancy;

namespace PromptCache.Gateway.Admin;

/// <summary>Serves <c>POST /promptcache/explain?policies=a,b&amp;tenant=ID</c>.</summary>
internal static class ExplainEndpoint
{
    public static async Task<IResult> ExplainAsync(HttpContext context, GatewayModelSource configuration, PrefixEngineSource engines, Explainer explainer)
    {
        using var lease = engines.Lease();
        var (model, engine) = (configuration.Current, lease.Engine);
        if (TenantOf(context, model, engine) is not { } tenant)
        {
            await OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, new("Say whose prefixes to look at: the tenant's key in 'x-api-key', or its id, as logs show it, in '?tenant='.", "tenant", "tenant_missing"));
            return Results.Empty;
        }

        using var body = await RequestBody.ReadAsync(context.Request, model.Limits.MaxBodyBytes, context.RequestAborted);
        if (body is null)
        {
            await OpenAIError.WriteAsync(context, StatusCodes.Status413PayloadTooLarge, Refusals.TooLarge(model.Limits.MaxBodyBytes));
            return Results.Empty;
        }

        var names = context.Request.Query["policies"].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var (report, error) = await explainer.ExplainAsync(model, engine, tenant, body.Memory, names, context.RequestAborted);
        if (report is null)
        {
            await OpenAIError.WriteAsync(context, StatusCodes.Status400BadRequest, error!);
            return Results.Empty;
        }

        return Results.Json(report, ExplainReport.Json);
    }

    /// <summary>Whoever may ask here may ask about anybody. The admin key itself is nobody's: with one, the tenant's key comes beside it.</summary>
    private static Tenant? TenantOf(HttpContext context, GatewayModel model, PrefixEngine engine)
    {
        if (context.Request.Query["tenant"].ToString() is { Length: > 0 } id)
        {
            return new Tenant(id, Credential: null);
        }

        if (model.AdminKeySha256 is not null && context.Request.Headers.Authorization.Count > 0)
        {
            context.Request.Headers.Authorization = default;
            return context.Request.Headers["x-api-key"].Count > 0 || model.Tenants.Count > 0 ? TenantResolver.Resolve(context.Request, model, engine.Secret) : new Tenant("anonymous", Credential: null);
        }

        return TenantResolver.Resolve(context.Request, model, engine.Secret);
    }
}
