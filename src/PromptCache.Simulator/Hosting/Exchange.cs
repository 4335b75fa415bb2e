namespace PromptCache.Simulator.Hosting;

/// <summary>One request on its way through the simulator.</summary>
internal sealed class Exchange(HttpContext http, SimulatorEngine engine, CallSettings settings, byte[] body)
{
    public HttpContext Http => http;

    public HttpRequest Request => http.Request;

    public HttpResponse Response => http.Response;

    public SimulatorEngine Engine => engine;

    public CallSettings Settings => settings;

    public SimulatorOptions Options => settings.Options;

    public byte[] Body => body;

    /// <summary>The client left, or the simulator cut the connection.</summary>
    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>Whether it was the simulator that cut the connection.</summary>
    public bool WasCut { get; set; }

    /// <summary>Whose cache it is: the credential that the request carries.</summary>
    public string Credential
        => string.Join('\n', http.Request.Headers.Authorization.ToString(), http.Request.Headers["x-api-key"].ToString(), http.Request.Headers["x-goog-api-key"].ToString(), http.Request.Query["key"].ToString());
}
