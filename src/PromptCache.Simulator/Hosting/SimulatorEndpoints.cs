using PromptCache.Simulator.Anthropic;
using PromptCache.Simulator.Gemini;
using PromptCache.Simulator.OpenAI;

namespace PromptCache.Simulator.Hosting;

/// <summary>Puts the simulator into a host.</summary>
public static class SimulatorEndpoints
{
    /// <summary>Answers every path that no other endpoint answers: the three APIs, and the control endpoints under <c>/__sim/</c>.</summary>
    /// <param name="endpoints">The host's endpoints.</param>
    /// <param name="options">How the simulated provider behaves.</param>
    /// <param name="time">The clock of cache entries and delays; null: the system's.</param>
    public static IEndpointConventionBuilder MapSimulator(this IEndpointRouteBuilder endpoints, SimulatorOptions options, TimeProvider? time = null)
        => endpoints.MapSimulator(new SimulatorEngine(options, time ?? TimeProvider.System));

    internal static IEndpointConventionBuilder MapSimulator(this IEndpointRouteBuilder endpoints, SimulatorEngine engine)
    {
        var router = new SimulatorRouter(engine,
        [
            new ChatCompletions(),
            new Messages(),
            new CountTokens(),
            new GenerateContent(),
            new CachedContents(),
            new Embeddings(),
            new Responses(),
            new Models(),
            new UnknownPath(),
        ]);
        endpoints.MapControl(engine);
        return endpoints.Map("{**path}", router.HandleAsync);
    }
}
