namespace PromptCache.Gateway.Pipeline;

/// <summary>The id by which a request is found again, in the client's headers and in the log alike: the client's, where it sent a sane one, else the upstream's, else ours.</summary>
internal static class RequestIds
{
    private static readonly object Key = new();
    private static readonly object ToldKey = new();

    /// <summary>Whether the id can be no other any more: the client brought it, or the log has it.</summary>
    public static bool IsFixed(HttpContext context) => context.Items.ContainsKey(ToldKey) || IsSane(context.Request.Headers[HeaderNames.RequestId].ToString());

    /// <summary>The id, for an event of the log that others of the same request will follow.</summary>
    public static string Tell(HttpContext context)
    {
        context.Items[ToldKey] = true;
        return Of(context);
    }

    public static string Of(HttpContext context)
    {
        if (context.Items[Key] is string known)
        {
            return known;
        }

        var sent = context.Request.Headers[HeaderNames.RequestId].ToString();
        var id = IsSane(sent) ? sent : "req_" + Guid.NewGuid().ToString("N");
        context.Items[Key] = id;
        return id;
    }

    /// <summary>Takes the upstream's id for ours: it is the one that the client sees.</summary>
    public static void Adopt(HttpContext context, string upstream)
    {
        if (IsSane(upstream))
        {
            context.Items[Key] = upstream;
        }
    }

    private static bool IsSane(string id) => id.Length is > 0 and <= 128 && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':');
}
