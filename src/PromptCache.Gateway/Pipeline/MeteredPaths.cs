namespace PromptCache.Gateway.Pipeline;

/// <summary>The paths that are metered, in spellings that routing does not know but a server behind the gateway may.</summary>
/// <remarks>Servers differ in what they make of <c>//</c>, <c>%2F</c>, a backslash or <c>;x=1</c>. What reached a metered path in one of these ways would go by unread.</remarks>
internal static class MeteredPaths
{
    private static readonly string[] Paths = ["/v1/chat/completions", "/v1/messages"];

    /// <summary>The metered path that a request may mean although routing did not find it; null: none.</summary>
    public static string? DisguisedIn(HttpRequest request)
    {
        if (!HttpMethods.IsPost(request.Method))
        {
            return null;
        }

        var segments = new List<string>();
        foreach (var part in Uri.UnescapeDataString(request.Path.Value ?? "").Split('/', '\\'))
        {
            var segment = part.Split(';')[0].Trim();
            if (segment == ".." && segments.Count > 0)
            {
                segments.RemoveAt(segments.Count - 1);
            }
            else if (segment is not ("" or "." or ".."))
            {
                segments.Add(segment);
            }
        }

        var path = "/" + string.Join('/', segments);
        return Array.Find(Paths, p => p.Equals(path, StringComparison.OrdinalIgnoreCase));
    }
}
