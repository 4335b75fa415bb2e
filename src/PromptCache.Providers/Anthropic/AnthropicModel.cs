namespace PromptCache.Providers.Anthropic;

/// <summary>What a model accepts, so far as a chat completion has to be written differently for it.</summary>
/// <param name="Match">The beginning of its name, in the spelling of the Claude API.</param>
/// <param name="MaxTokens">The most that it can be asked to generate.</param>
/// <param name="DefaultTokens">What it is asked for when the client names no limit; Anthropic demands one.</param>
/// <param name="Thinking">How it is told to think.</param>
/// <param name="XHigh">Whether its efforts include <c>xhigh</c>.</param>
/// <param name="Sampling">Whether it accepts <c>temperature</c>, <c>top_p</c> and <c>top_k</c>; the others answer 400.</param>
/// <param name="HidesThinking">Whether the text of its thinking is left out unless <c>"display":"summarized"</c> asks for it.</param>
/// <param name="LaterSystem">Whether a <c>system</c> message may stand among the messages.</param>
/// <param name="Schemas">Whether it has structured outputs: <c>output_config.format</c> and strict tools.</param>
/// <param name="ForcedTools">Whether <c>tool_choice</c> may force a tool; the others answer 400. True of a model that nobody has described yet: it is the provider's to refuse.</param>
internal sealed record AnthropicModel(
    string Match,
    int MaxTokens,
    int DefaultTokens,
    ThinkingStyle Thinking,
    bool XHigh,
    bool Sampling,
    bool HidesThinking,
    bool LaterSystem,
    bool Schemas,
    bool ForcedTools);
