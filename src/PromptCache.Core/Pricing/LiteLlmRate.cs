namespace PromptCache.Core.Pricing;

/// <summary>What a price of LiteLLM's file is for.</summary>
internal enum LiteLlmRate
{
    Input,
    Output,
    Read,
    Write,
    Write1h,
    InputAudio,
    OutputAudio,
}
